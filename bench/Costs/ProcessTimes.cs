using System.Globalization;

namespace GopherFlow.Bench.Costs;

/// <summary>Data from /proc about a process of this machine.</summary>
/// <param name="Name">The name of its program, at most 15 characters.</param>
/// <param name="Parent">The id of the parent process.</param>
/// <param name="Total">Its CPU time, including that of its children that have ended.</param>
internal sealed record ProcessTimes(string Name, int Parent, TimeSpan Total)
{
    private const string Folder = "/proc";

    /// <summary>USER_HZ: /proc always counts in hundredths of a second.</summary>
    private const int TicksPerSecond = 100;

    // Field positions after the name, which is in parentheses and may contain any characters.
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>Reads a process; null if it does not exist or there is no /proc.</summary>
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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All processes.</summary>
    public static IEnumerable<ProcessTimes> All() =>
        Directory
            .EnumerateDirectories(Folder)
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(Read)
            .OfType<ProcessTimes>();
}
