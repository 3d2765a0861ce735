using GopherFlow.Settings;
using GopherFlow.Storage;
using GopherFlow.Telemetry;
using Microsoft.Extensions.Logging;

namespace GopherFlow.Execution;

/// <summary>
/// Deletes data whose retention time has passed. One process at a time has the role, to save work; it would do no harm if two had it for a
/// moment. Workflows are deleted in small batches with pauses between them.
/// </summary>
internal sealed class Cleaner(
    IWorkflowStore store,
    EngineOptions options,
    Func<long?> executorId,
    Func<double> random,
    EngineMetrics metrics,
    TimeProvider clock,
    ILogger<Cleaner> log
)
{
    private const string Role = "cleaner";
    private const int BatchSize = 250;

    /// <summary>The pause after a batch, as a multiple of the batch's duration. A slow database gets longer pauses.</summary>
    private const int PauseFactor = 1;

    /// <summary>The longest pause. It limits the effect of a batch during which the process was suspended.</summary>
    public static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestLease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ThroughputRetention = TimeSpan.FromDays(1);
    private static readonly TimeSpan ExecutorRetention = TimeSpan.FromDays(7);

    /// <summary>How often sweeps start over, to find rows that were skipped because they were still needed.</summary>
    private static readonly TimeSpan SweepAgainAfter = TimeSpan.FromDays(1);

    private static readonly TimeSpan LeftoversInterval = TimeSpan.FromHours(1);

    private readonly TimeSpan lease =
        3 * options.RetentionInterval > ShortestLease ? 3 * options.RetentionInterval : ShortestLease;

    private RetentionPolicy? policy;
    private IReadOnlyList<RetentionSweep> sweeps = [];
    private long sweepsBegan;
    private long leasedAt;
    private long? leftoversAt;

    /// <summary>Cleans until it is stopped. Returns at once if the interval is zero, which leaves cleaning to other executors.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (options.RetentionInterval > TimeSpan.Zero)
        {
            // The jitter keeps executors that were started together from polling at the same time.
            await Task.Delay(options.RetentionInterval * (0.75 + (random() / 4)), clock, stop);
            try
            {
                if (await TakeRoleAsync(stop))
                {
                    await PassAsync(stop);
                }
            }
            catch (Exception trouble) when (store.IsTransient(trouble))
            {
                log.CleaningDelayed(trouble);
            }
        }
    }

    /// <summary>
    /// Takes or renews the role. If the role is lost, the state is reset, because the progress of the next holder is unknown.
    /// </summary>
    private async Task<bool> TakeRoleAsync(CancellationToken stop)
    {
        var asked = clock.GetTimestamp();
        if (executorId() is { } id && await store.TakeRoleAsync(new RoleClaim(Role, id, lease), stop))
        {
            leasedAt = asked;
            return true;
        }

        policy = null;
        leftoversAt = null;
        return false;
    }

    private async Task PassAsync(CancellationToken stop)
    {
        await BeginAsync(stop);
        var workflows = 0;
        foreach (var sweep in sweeps)
        {
            for (var hasMore = true; hasMore; )
            {
                var began = clock.GetTimestamp();
                (var deleted, hasMore) = await sweep.NextAsync(store, policy!, BatchSize, stop);
                workflows += deleted;
                metrics.Deleted.Add(deleted);
                await PauseAsync(began, stop);
                if (!await KeepRoleAsync(stop))
                {
                    return;
                }
            }
        }

        var leftovers = await LeftoversAsync(stop);
        if (workflows + leftovers.Total > 0)
        {
            log.Cleaned(
                workflows,
                leftovers.Signals,
                leftovers.Executors,
                leftovers.Sessions,
                leftovers.ScriptVersions,
                leftovers.Definitions,
                leftovers.Audit
            );
        }
    }

    private async Task BeginAsync(CancellationToken stop)
    {
        var newest = new RetentionPolicy(options, await store.DefinitionsAsync(stop));
        if (!newest.IsSameAs(policy) || clock.GetElapsedTime(sweepsBegan) >= SweepAgainAfter)
        {
            sweeps = [.. newest.Spans.Select(span => new RetentionSweep(span))];
            sweepsBegan = clock.GetTimestamp();
        }

        policy = newest;
    }

    private Task PauseAsync(long began, CancellationToken stop)
    {
        var pause = PauseFactor * clock.GetElapsedTime(began);
        return Task.Delay(pause < LongestPause ? pause : LongestPause, clock, stop);
    }

    /// <summary>Renews the role if necessary, because a pass can take longer than the lease.</summary>
    private async Task<bool> KeepRoleAsync(CancellationToken stop) =>
        clock.GetElapsedTime(leasedAt) < lease / 3 || await TakeRoleAsync(stop);

    private async Task<Leftovers> LeftoversAsync(CancellationToken stop)
    {
        if (leftoversAt is { } at && clock.GetElapsedTime(at) < LeftoversInterval)
        {
            return default;
        }

        leftoversAt = clock.GetTimestamp();
        var limits = new LeftoverLimits(
            ExecutorRetention,
            options.RetentionSignals,
            options.RetentionScriptVersions,
            options.RetentionAudit,
            ThroughputRetention,
            BatchSize
        );
        var all = default(Leftovers);
        while (true)
        {
            var began = clock.GetTimestamp();
            var some = await store.DeleteLeftoversAsync(limits, stop);
            all = all.And(some);
            if (some.Signals < BatchSize && some.Audit < BatchSize)
            {
                return all;
            }

            await PauseAsync(began, stop);
        }
    }
}
