using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>Puts something faulty in the place of what writes a turn of a schedule.</summary>
internal delegate ScheduleWriting ScheduleMutation(InMemoryStore rows, Chance chance);

/// <summary>Writers of schedules that break the protocol in one way each. The simulator must find every one of them.</summary>
internal static class ScheduleMutations
{
    /// <summary>
    /// A turn is written whatever others have written since it was read: an executor that stood still writes what it decided three turns
    /// ago.
    /// </summary>
    public static ScheduleWriting WithoutRevision(InMemoryStore rows, Chance chance)
    {
        var turns = new List<ScheduleWrite>();
        return async turn =>
        {
            var result = await rows.Schedules.WriteScheduleAsync(turn, CancellationToken.None);
            if (
                result.Schedule is { } written
                && turns.FindAll(each => each.After.Name == written.Name) is [.., var late, _, _]
            )
            {
                await rows.Schedules.WriteScheduleAsync(
                    late with
                    {
                        Revision = written.Revision,
                        After = late.After with { Revision = written.Revision },
                    },
                    CancellationToken.None
                );
            }

            turns.Add(turn);
            return result;
        };
    }

    /// <summary>A schedule moves on, and the connection breaks before its runs are created.</summary>
    public static ScheduleWriting LosingRuns(InMemoryStore rows, Chance chance) =>
        turn =>
            rows.Schedules.WriteScheduleAsync(
                chance.Hit(0.1) ? turn with { Creates = [] } : turn,
                CancellationToken.None
            );
}
