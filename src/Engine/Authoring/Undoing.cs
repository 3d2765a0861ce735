namespace GopherFlow.Authoring;

/// <summary>How a step takes part in a compensation.</summary>
internal enum Undoing
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>It starts the compensation.</summary>
    Begins,

    /// <summary>It has completed the compensation of one earlier step.</summary>
    Undone,
}
