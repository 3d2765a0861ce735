namespace GopherFlow.Execution;

/// <summary>
/// The tasks in which the roles of an executor run under its supervisor. They stop in three groups: first the roles that claim and read,
/// then the committer, and last the lease keeper, which renews the lease while the last outcomes are written.
/// </summary>
internal sealed class RoleTasks(ExecutorRoles roles, Supervisor supervisor, bool runsWorkflows) : IDisposable
{
    private readonly CancellationTokenSource stopClaiming = new();
    private readonly CancellationTokenSource stopKeeping = new();
    private readonly CancellationTokenSource giveUpWriting = new();
    private readonly List<(string Name, Func<CancellationToken, Task> Run)> otherRoles = [];
    private Task dispatching = Task.CompletedTask;
    private Task committing = Task.CompletedTask;
    private Task keeping = Task.CompletedTask;
    private Task repairing = Task.CompletedTask;
    private Task listening = Task.CompletedTask;
    private Task cleaning = Task.CompletedTask;
    private Task following = Task.CompletedTask;
    private Task others = Task.CompletedTask;

    /// <summary>Adds a role of the first group. Call it before <see cref="Start"/>.</summary>
    public void Add(string role, Func<CancellationToken, Task> run) => otherRoles.Add((role, run));

    /// <summary>Starts the lease keeper, once the executor is registered.</summary>
    public void StartKeeping() =>
        keeping = supervisor.RunAsync("lease keeper", roles.LeaseKeeper.RunAsync, stopKeeping.Token);

    /// <summary>Starts all other roles. Those that claim or clean up only run if workflows run in this process.</summary>
    public void Start()
    {
        committing = Task.WhenAll(
            roles.Committer.Loops.Select(loop => supervisor.RunAsync("committer", loop, giveUpWriting.Token))
        );
        listening = supervisor.RunAsync("listener", roles.Listener.RunAsync, stopClaiming.Token);
        following = supervisor.RunAsync("follower", roles.Follower.RunAsync, stopClaiming.Token);
        if (runsWorkflows)
        {
            repairing = supervisor.RunAsync("repairer", roles.Repairer.RunAsync, stopClaiming.Token);
            cleaning = supervisor.RunAsync("cleaner", roles.Cleaner.RunAsync, stopClaiming.Token);
            dispatching = Task.WhenAll(
                supervisor.RunAsync("dispatcher", roles.Dispatcher.RunAsync, stopClaiming.Token),
                supervisor.RunAsync("permit granter", roles.Granter.RunAsync, stopClaiming.Token)
            );
        }

        others = Task.WhenAll(otherRoles.Select(role => supervisor.RunAsync(role.Name, role.Run, stopClaiming.Token)));
    }

    /// <summary>
    /// Stops the first group, and lets each run end after its current step. Tokens are cancelled synchronously, because CancelAsync would
    /// run callbacks on the thread pool.
    /// </summary>
    /// <returns>Completes when no role of the group and no run is left.</returns>
    public Task StopClaimingAsync()
    {
        stopClaiming.Cancel();
        var drained = roles.Running.DrainAsync();
        roles.Admission.EndAllWaits();
        return Task.WhenAll(drained, dispatching, repairing, listening, following, cleaning, others);
    }

    /// <summary>Ends all runs immediately, and lets the committer give up on transient errors.</summary>
    public void CancelRuns()
    {
        giveUpWriting.Cancel();
        roles.Running.EndAll();
    }

    /// <summary>Stops the committer.</summary>
    /// <returns>Completes when everything has been written.</returns>
    public Task StopCommittingAsync()
    {
        roles.Committer.Complete();
        return committing;
    }

    /// <summary>Stops the lease keeper.</summary>
    /// <returns>Completes when it has stopped.</returns>
    public Task StopKeepingAsync()
    {
        stopKeeping.Cancel();
        return keeping;
    }

    /// <summary>Stops the committer and the lease keeper without waiting for them.</summary>
    public void Abandon()
    {
        giveUpWriting.Cancel();
        roles.Committer.Complete();
        stopKeeping.Cancel();
    }

    public void Dispose()
    {
        stopKeeping.Cancel();
        stopClaiming.Dispose();
        stopKeeping.Dispose();
        giveUpWriting.Dispose();
    }
}
