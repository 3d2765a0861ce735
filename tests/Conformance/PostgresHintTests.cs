using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Hints to other processes, sent through PostgreSQL.</summary>
public sealed class PostgresHintTests : PostgresContract
{
    [Fact]
    public async Task A_version_move_sends_a_hint_to_other_processes()
    {
        Assert.SkipWhen(PostgresTestDatabase.PoolMode is "transaction", "LISTEN needs its own session.");
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = new TaskCompletionSource<DueHint>(TaskCreationOptions.RunContinuationsAsynchronously);
        var listening = other.ListenAsync(
            new StoreNews(hint => heard.TrySetResult(hint), static () => { }),
            enough.Token
        );
        var workflow = (await RunningAsync(one, "order-1")).Id;

        var toWait = A.VersionMove(A.Stays(A.FirstState, runs: false));
        var toRun = A.VersionMove(A.Stays(A.FirstState)) with { FromVersion = A.NextVersion, ToVersion = A.Version };
        while (!heard.Task.IsCompleted)
        {
            // LISTEN takes effect some time after the call.
            await MoveAsync(toWait);
            await MoveAsync(toRun);

            await Task.WhenAny(heard.Task, Task.Delay(100, Stop));
        }

        Assert.Equal(new DueHint(A.Group, A.Of(A.Type), A.FirstInstant), await heard.Task);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);

        async Task MoveAsync(VersionMoved move)
        {
            var batch = new WriteBatch([], [new EventFor(workflow, move)], ExecutorId: null, A.FirstInstant);
            Assert.Equal(EventVerdict.Committed, (await one.WriteAsync(batch, Stop)).Events[0].Verdict);
        }
    }

    [Fact]
    public async Task Due_work_sends_a_hint_to_other_processes_but_not_to_the_own_one()
    {
        Assert.SkipWhen(PostgresTestDatabase.PoolMode is "transaction", "LISTEN needs its own session.");
        await using var one = await OpenAsync();
        await using var other = await OpenAsync();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var heard = new TaskCompletionSource<DueHint>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ownHeard = 0;
        var listening = other.ListenAsync(
            new StoreNews(hint => heard.TrySetResult(hint), static () => { }),
            enough.Token
        );
        var listeningToSelf = one.ListenAsync(new StoreNews(_ => ownHeard++, static () => { }), enough.Token);

        for (var number = 0; !heard.Task.IsCompleted; number++)
        {
            // LISTEN takes effect some time after the call.
            await one.WriteAsync(
                new WriteBatch([A.Workflow($"{number}") with { ExecutorGroup = "two words" }], [], 1, A.FirstInstant),
                Stop
            );
            await Task.WhenAny(heard.Task, Task.Delay(100, Stop));
        }

        Assert.Equal(new DueHint("two words", A.Of(A.Type), A.FirstInstant), await heard.Task);
        Assert.Equal(0, ownHeard);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listeningToSelf);
    }
}
