namespace GopherFlow.Simulation;

/// <summary>What happened in a run, in order. Its hash is always kept, its text only when somebody wants to read it.</summary>
internal sealed class Trace(bool keepsText)
{
    private readonly List<string> lines = [];

    /// <summary>The text so far.</summary>
    public IReadOnlyList<string> Lines => lines;

    /// <summary>Whether notes are worth composing.</summary>
    public bool KeepsText => keepsText;

    /// <summary>The hash of everything entered so far (FNV-1a, 64 bits).</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>Enters an event.</summary>
    public void Add(DateTimeOffset now, string who, string what)
    {
        Mix(now.Ticks);
        Mix(who);
        Mix(what);
        Note(now, who, what);
    }

    /// <summary>Enters a number that the text does not show, such as which continuation was picked.</summary>
    public void Mix(long number) => Hash = (Hash ^ (ulong)number) * 1099511628211;

    /// <summary>Adds a line for the reader that is no event of its own, such as what the engine logs.</summary>
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
