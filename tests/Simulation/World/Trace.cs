namespace GopherFlow.Simulation;

/// <summary>The events of a run, in order. The hash is always computed, the text is kept only on request.</summary>
internal sealed class Trace(bool keepsText)
{
    private readonly List<string> lines = [];

    /// <summary>The text so far.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Whether the text is kept.</summary>
    public bool KeepsText => keepsText;

    /// <summary>The hash of everything added so far (FNV-1a, 64 bits).</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Adds an event.</summary>
    public void Add(DateTimeOffset now, string who, string what)
    {
        Mix(now.Ticks);
        Mix(who);
        Mix(what);
        Note(now, who, what);
    }

    /// <summary>Adds a number to the hash only, such as the index of the picked continuation.</summary>
    public void Mix(long number) => Hash = (Hash ^ (ulong)number) * 1099511628211;

    /// <summary>Adds a line to the text only, such as a log message of the engine.</summary>
    public void Note(DateTimeOffset now, string who, string what)
    {
        if (keepsText)
        {
            lines.Add($"{(now - SimulatedWorld.Beginning).TotalSeconds, 9:0.000} {who, -8} {what}");
        }
    }

    private void Mix(string text)
    {
        foreach (var letter in text)
        {
            Mix(letter);
        }
    }
}
