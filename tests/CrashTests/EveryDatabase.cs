// One test at a time: they measure how soon others continue.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace GopherFlow.Crash.Tests;

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
