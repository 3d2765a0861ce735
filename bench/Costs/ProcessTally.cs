using System.Globalization;

namespace GopherFlow.Bench.Costs;

/// <summary>The counters of a process that runs an engine.</summary>
/// <param name="Batches">The transactions of the committer.</param>
/// <param name="Members">The creates and steps in them.</param>
/// <param name="DriverOperations">The commands and batches that the driver has sent, each one a round trip.</param>
/// <param name="StoreCalls">The calls of the store port, each one a transaction.</param>
internal sealed record ProcessTally(long Batches, long Members, long DriverOperations, long StoreCalls)
{
    private const string Word = "tally";

    public static ProcessTally Nothing { get; } = new(0, 0, 0, 0);

    /// <summary>The mean number of members of a transaction of the committer.</summary>
    public double MeanBatch => Batches == 0 ? 0 : (double)Members / Batches;

    public static ProcessTally operator +(ProcessTally left, ProcessTally right) =>
        new(
            left.Batches + right.Batches,
            left.Members + right.Members,
            left.DriverOperations + right.DriverOperations,
            left.StoreCalls + right.StoreCalls
        );

    public static ProcessTally operator -(ProcessTally after, ProcessTally before) =>
        new(
            after.Batches - before.Batches,
            after.Members - before.Members,
            after.DriverOperations - before.DriverOperations,
            after.StoreCalls - before.StoreCalls
        );

    /// <summary>Formats the counters as a line, to send them to another process.</summary>
    public string ToLine() =>
        string.Create(CultureInfo.InvariantCulture, $"{Word} {Batches} {Members} {DriverOperations} {StoreCalls}");

    /// <summary>Parses a line; null if it is another kind of line.</summary>
    public static ProcessTally? OfLine(string line) =>
        line.Split(' ') is [Word, var batches, var members, var operations, var calls]
            ? new ProcessTally(Number(batches), Number(members), Number(operations), Number(calls))
            : null;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
