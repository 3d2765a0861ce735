namespace GopherFlow.Crash.Tests;

/// <summary>Runs a test once over each database that several processes can share.</summary>
public sealed class EveryDatabase : TheoryData<string>
{
    public EveryDatabase() => AddRange(CrashDatabase.Kinds);
}
