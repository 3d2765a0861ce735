namespace GopherFlow.Authoring;

/// <summary>What a step says of undoing.</summary>
internal enum Undoing
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It begins to undo what the workflow has done.</summary>
    Begins,

    /// <summary>It has undone what its state is there to undo.</summary>
    Undone,
}
