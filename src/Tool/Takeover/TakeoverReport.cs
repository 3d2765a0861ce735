using System.Globalization;
using System.Text;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool.Takeover;

/// <summary>The result of a takeover, or of its dry run.</summary>
/// <param name="DryRun">Whether nothing was stored.</param>
/// <param name="Alive">Descriptions of the live executors of the Go system.</param>
/// <param name="Counts">The counts by type, state and status.</param>
/// <param name="Refused">The workflows that cannot be taken over.</param>
internal sealed record TakeoverReport(
    bool DryRun,
    IReadOnlyList<string> Alive,
    IReadOnlyList<TakeoverLine> Counts,
    IReadOnlyList<RefusedTakeover> Refused
)
{
    private const int MostShown = 50;

    /// <summary>The report as text.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var alive in Alive)
        {
            text.AppendLine($"The Go system runs: {alive}.");
        }

        text.AppendLine(
            TextTable.Of(
                [
                    "TYPE",
                    "STATE",
                    "STATUS",
                    "WORKFLOWS",
                    DryRun ? "TO TAKE OVER" : "TAKEN OVER",
                    "HERE BEFORE",
                    "REFUSED",
                    "LEFT",
                ],
                Counts.Select(line =>
                    (IReadOnlyList<string>)
                        [
                            line.Type,
                            line.State,
                            line.Status,
                            Number(line.Workflows),
                            Number(line.TakenOver),
                            Number(line.Existed),
                            Number(line.Refused),
                            Number(line.Left),
                        ]
                )
            )
        );
        if (Refused.Count > 0)
        {
            text.AppendLine().AppendLine("Refused:");
            foreach (var refused in Refused.Take(MostShown))
            {
                text.AppendLine($"  {refused.Id} ({refused.ExternalId}): {refused.Reason}");
            }

            if (Refused.Count > MostShown)
            {
                text.AppendLine($"  and {Refused.Count - MostShown} more; --json lists all.");
            }
        }

        var taken = Counts.Sum(line => line.TakenOver);
        return text.AppendLine()
            .Append(
                DryRun
                    ? $"Nothing was done. --apply takes {taken} over."
                    : $"{taken} taken over, {Refused.Count} refused."
            )
            .ToString();
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>The counts of the workflows with one type, state and status.</summary>
/// <param name="Type">The workflow type.</param>
/// <param name="State">The state; empty before the first step.</param>
/// <param name="Status">The status in the Go system.</param>
/// <param name="Workflows">The number of workflows in the Go system.</param>
/// <param name="TakenOver">The number that was taken over; in a dry run, that would be.</param>
/// <param name="Existed">The number that already existed on the server.</param>
/// <param name="Refused">The number that cannot be taken over.</param>
internal sealed record TakeoverLine(
    string Type,
    string State,
    string Status,
    long Workflows,
    int TakenOver,
    int Existed,
    int Refused
)
{
    /// <summary>The number that is not selected, because these workflows have ended.</summary>
    public long Left => Workflows - TakenOver - Existed - Refused;
}

/// <summary>A workflow that cannot be taken over.</summary>
/// <param name="Id">The id in the Go system.</param>
/// <param name="ExternalId">The external id.</param>
/// <param name="Type">The workflow type.</param>
/// <param name="State">The state.</param>
/// <param name="Reason">Why it cannot be taken over.</param>
internal sealed record RefusedTakeover(long Id, string ExternalId, string Type, string State, string Reason);
