using GopherFlow.Storage.InMemory;

namespace GopherFlow.Simulation;

/// <summary>Puts something faulty in the place of what writes a turn of a schedule.</summary>
internal delegate ScheduleWriting ScheduleMutation(InMemoryStore rows, Chance chance);

/// <summary>Writers of schedules that break the protocol in one way each. The simulator must find every one of them.</summary>
internal static class ScheduleMutations
{
    /// <summary>A turn is written whatever another executor has written since it was read.</summary>
    public static ScheduleWriting WithoutRevision(InMemoryStore rows, Chance chance) =>
        async turn =>
            await rows.Schedules.FindScheduleAsync(turn.After.Name, CancellationToken.None) is { } now
                ? await rows.Schedules.WriteScheduleAsync(
                    turn with
                    {
                        Revision = now.Revision,
                        After = turn.After with { Revision = now.Revision },
                    },
                    CancellationToken.None
                )
                : new ScheduleWriteResult(null, [], []);

    /// <summary>A schedule moves on, and the connection breaks before its runs are created.</summary>
    public static ScheduleWriting LosingRuns(InMemoryStore rows, Chance chance) =>
        turn =>
            rows.Schedules.WriteScheduleAsync(
                chance.Hit(0.1) ? turn with { Creates = [] } : turn,
                CancellationToken.None
            );
}
