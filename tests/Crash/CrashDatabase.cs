using System.Data.Common;
using GopherFlow.Persistence;

namespace GopherFlow.Crash;

/// <summary>The database that the executors share, and what can be done to it.</summary>
internal abstract class CrashDatabase : IAsyncDisposable
{
    private static readonly Dictionary<string, Func<Task<CrashDatabase>>> Openers = new()
    {
        ["sqlite"] = () => Task.FromResult<CrashDatabase>(new SqliteCrashDatabase()),
        ["postgres"] = PostgresCrashDatabase.OpenAsync,
    };

    /// <summary>The databases that there are.</summary>
    public static IReadOnlyList<string> Kinds => [.. Openers.Keys];

    /// <summary>The settings that lead an executor to it.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The store, as the crash run itself uses it to create and to check.</summary>
    public abstract IWorkflowStore Store { get; }

    /// <summary>What can be done to the database itself while executors run; none for a file.</summary>
    public virtual IReadOnlyList<Blow> Blows => [];

    /// <summary>Makes an empty database of a kind.</summary>
    public static Task<CrashDatabase> OpenAsync(string kind) => Openers[kind]();

    /// <summary>A connection of the user's own.</summary>
    public abstract Task<DbConnection> ConnectAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>Something that is done to the executors or to their database.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="StrikeAsync">Does it, and mends it again.</param>
internal sealed record Blow(string Name, Func<CancellationToken, Task> StrikeAsync);
