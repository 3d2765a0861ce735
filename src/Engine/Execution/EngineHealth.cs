namespace GopherFlow.Execution;

/// <summary>The readiness of the executor in this process. An executor that is not ready can recover without intervention.</summary>
public sealed class EngineHealth
{
    private const int TooOften = 5;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Queue<(long At, string Role)> failures = new();
    private readonly List<(string Name, Func<string?> Check)> checks = [];

    internal EngineHealth(TimeProvider clock) => this.clock = clock;

    /// <summary>Whether all checks pass.</summary>
    public bool IsReady => Reasons.Count == 0;

    /// <summary>Why the executor is not ready, one sentence per failing check.</summary>
    public IReadOnlyList<string> Reasons => [.. Checks.Select(static check => check.Trouble).OfType<string>()];

    /// <summary>All checks with their results.</summary>
    public IReadOnlyList<HealthCheck> Checks
    {
        get
        {
            lock (gate)
            {
                ForgetOldFailures();
                return
                [
                    .. checks.Select(static known => new HealthCheck(known.Name, known.Check())),
                    new HealthCheck("roles", OfRoles()),
                ];
            }
        }
    }

    /// <summary>Adds a check. It returns an error as a sentence, or null.</summary>
    internal void Add(string name, Func<string?> check)
    {
        lock (gate)
        {
            checks.Add((name, check));
        }
    }

    /// <summary>
    /// Records that a role has failed and restarts. The cause is only logged, because the readiness endpoint needs no authentication.
    /// </summary>
    internal void RoleFailed(string role)
    {
        lock (gate)
        {
            ForgetOldFailures();
            failures.Enqueue((clock.GetTimestamp(), role));
        }
    }

    private string? OfRoles()
    {
        var failing = failures
            .GroupBy(failure => failure.Role)
            .Where(role => role.Count() >= TooOften)
            .Select(role => $"The {role.Key} has failed {role.Count()} times in the last minute; see the log.")
            .ToList();
        return failing.Count == 0 ? null : string.Join(" ", failing);
    }

    private void ForgetOldFailures()
    {
        while (failures.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > Lately)
        {
            failures.Dequeue();
        }
    }
}

/// <summary>The result of one health check.</summary>
/// <param name="Name">The name of the check, such as <c>database</c>.</param>
/// <param name="Trouble">The error as a sentence, or null if the check passes.</param>
public sealed record HealthCheck(string Name, string? Trouble);
