using System.Globalization;

namespace GopherFlow.Bench.Costs;

/// <summary>What a process with an engine in it has counted.</summary>
/// <param name="Batches">Transactions of the committer.</param>
/// <param name="Members">Creates and steps in them.</param>
/// <param name="DriverOperations">Commands and batches that the driver has sent, each one round trip.</param>
/// <param name="StoreCalls">Calls of the store port, each one transaction.</param>
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

    /// <summary>As one process tells another.</summary>
    public string ToLine() =>
        string.Create(CultureInfo.InvariantCulture, $"{Word} {Batches} {Members} {DriverOperations} {StoreCalls}");

    /// <summary>Null when it is some other line.</summary>
    public static ProcessTally? OfLine(string line) =>
        line.Split(' ') is [Word, var batches, var members, var operations, var calls]
            ? new ProcessTally(Number(batches), Number(members), Number(operations), Number(calls))
            : null;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
