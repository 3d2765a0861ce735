namespace GopherFlow.Bench.Databases;

/// <summary>
/// The control: writes the same rows as the engine in transactions of the same size, and does nothing else. A transaction creates some
/// workflows, makes the first step of those created before, and the second step of those before them, like the engine's batches when
/// creates and steps arrive together.
/// </summary>
internal interface IControl : IDisposable
{
    /// <summary>Writes the rows of a number of workflows, from creation to end.</summary>
    Task WriteAsync(int workflows, int perTransaction, string prefix);
}
