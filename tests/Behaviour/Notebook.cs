using System.Collections.Concurrent;

namespace GopherFlow.Behaviour;

/// <summary>A service in which steps record observations for the test, also in attempts that store nothing.</summary>
public sealed class Notebook
{
    private readonly ConcurrentQueue<string> lines = [];

    /// <summary>All lines, in the order in which they were written.</summary>
    public IReadOnlyList<string> Lines => [.. lines];

    /// <summary>Adds a line.</summary>
    public void Write(string line) => lines.Enqueue(line);
}
