namespace GopherFlow.Bench.Databases;

/// <summary>
/// The control: the row writes of the same workflows, in transactions of the same size, by somebody who does nothing else.
/// A transaction creates some workflows, makes the first step of those created before, and the second of those before them, which
/// is what the engine's batches hold when creates and steps arrive together.
/// </summary>
internal interface IControl : IDisposable
{
    /// <summary>Writes a number of workflows from their creation to their end.</summary>
    Task WriteAsync(int workflows, int perTransaction, string prefix);
}
