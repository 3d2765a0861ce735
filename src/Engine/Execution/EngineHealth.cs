namespace GopherFlow.Execution;

/// <summary>Whether the executor of this process can do its work. An executor that is not ready may become so by itself.</summary>
public sealed class EngineHealth
{
    private const int TooOften = 5;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Queue<(long At, string Role)> failures = new();
    private readonly List<(string Name, Func<string?> Check)> checks = [];

    internal EngineHealth(TimeProvider clock) => this.clock = clock;

    /// <summary>Whether there is nothing in the way.</summary>
    public bool IsReady => Reasons.Count == 0;

    /// <summary>What keeps the executor from its work now, a sentence each.</summary>
    public IReadOnlyList<string> Reasons => [.. Checks.Select(static check => check.Trouble).OfType<string>()];

    /// <summary>What is looked at, and what is wrong with it.</summary>
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

    /// <summary>Adds a check, which gives what is wrong, or null.</summary>
    internal void Add(string name, Func<string?> check)
    {
        lock (gate)
        {
            checks.Add((name, check));
        }
    }

    /// <summary>A role has failed and begins again. Why is in the log alone: readiness is open to all.</summary>
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

/// <summary>One of the things without which an executor cannot work.</summary>
/// <param name="Name">What is looked at, such as <c>database</c>.</param>
/// <param name="Trouble">What is wrong with it, as a sentence; null when nothing is.</param>
public sealed record HealthCheck(string Name, string? Trouble);
