using System.Globalization;

namespace GopherFlow.Bench.Costs;

/// <summary>A process of this machine as /proc tells of it.</summary>
/// <param name="Name">Of its program, at most 15 characters.</param>
/// <param name="Parent">The process that started it.</param>
/// <param name="Total">Its CPU time, and that of its children that have ended.</param>
internal sealed record ProcessTimes(string Name, int Parent, TimeSpan Total)
{
    private const string Folder = "/proc";

    /// <summary>USER_HZ: /proc counts in hundredths of a second, whatever the kernel does.</summary>
    private const int TicksPerSecond = 100;

    // Places after the name, which stands in brackets and may hold anything.
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>Null when there is no such process, or no /proc.</summary>
    public static ProcessTimes? Read(int processId)
    {
        try
        {
            var text = File.ReadAllText($"{Folder}/{processId}/stat");
            var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
            var fields = text[(close + 2)..].Split(' ');
            var ticks = fields
                .Skip(FirstTimeField)
                .Take(TimeFields)
                .Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
            return new ProcessTimes(
                text[(open + 1)..close],
                int.Parse(fields[ParentField], CultureInfo.InvariantCulture),
                TimeSpan.FromSeconds((double)ticks / TicksPerSecond)
            );
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Every process there is.</summary>
    public static IEnumerable<ProcessTimes> All() =>
        Directory
            .EnumerateDirectories(Folder)
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(Read)
            .OfType<ProcessTimes>();
}
