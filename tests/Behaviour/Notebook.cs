using System.Collections.Concurrent;

namespace GopherFlow.Behaviour;

/// <summary>What steps have seen, for the test to read: also in attempts that leave nothing in the store. A service.</summary>
public sealed class Notebook
{
    private readonly ConcurrentQueue<string> lines = [];

    /// <summary>All lines, in the order in which they were written.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    /// <summary>Adds a line.</summary>
    public void Write(string line) => lines.Enqueue(line);
}
