using System.Globalization;
using System.Text;
using GopherFlow.Tool.Output;

namespace GopherFlow.Tool.Takeover;

/// <summary>What became of the workflows of the Go system, or would become of them.</summary>
/// <param name="DryRun">Whether nothing was done.</param>
/// <param name="Alive">What runs of the Go system, in words.</param>
/// <param name="Counts">By type, state and status.</param>
/// <param name="Refused">Those that cannot be taken over.</param>
internal sealed record TakeoverReport(
    bool DryRun,
    IReadOnlyList<string> Alive,
    IReadOnlyList<TakeoverLine> Counts,
    IReadOnlyList<RefusedTakeover> Refused
)
{
    private const int MostShown = 50;

    /// <summary>As text for a person.</summary>
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

/// <summary>The workflows of a type, in a state, with a status.</summary>
/// <param name="Type">The type.</param>
/// <param name="State">The state; empty before the first step.</param>
/// <param name="Status">The status that the Go system gives them.</param>
/// <param name="Workflows">How many the Go system has.</param>
/// <param name="TakenOver">How many are, or would be, taken over.</param>
/// <param name="Existed">How many were here before.</param>
/// <param name="Refused">How many cannot be taken over.</param>
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
    /// <summary>How many are not meant: they have ended there.</summary>
    public long Left => Workflows - TakenOver - Existed - Refused;
}

/// <summary>A workflow that cannot be taken over.</summary>
/// <param name="Id">Its id in the Go system.</param>
/// <param name="ExternalId">Its external id.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">Its state.</param>
/// <param name="Reason">Why.</param>
internal sealed record RefusedTakeover(long Id, string ExternalId, string Type, string State, string Reason);
