// The random blows run two at a time, before the tests that measure time, which run one by one.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]

namespace GopherFlow.Crash.Tests;

/// <summary>Measures how soon other executors continue, so nothing else runs in parallel.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    public const string Name = "one at a time";
}

/// <summary>Runs a test once over each database that several processes can share.</summary>
public sealed class EveryDatabase : TheoryData<string>
{
    public EveryDatabase() => AddRange(CrashDatabase.Kinds);
}

/// <summary>Runs a test once over each database on a server.</summary>
public sealed class EveryServer : TheoryData<string>
{
    public EveryServer() => AddRange(CrashDatabase.Kinds.Where(kind => kind != "sqlite").ToArray());
}
