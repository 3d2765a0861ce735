namespace GopherFlow.Rules;

/// <summary>Whether a workflow needs a permit for what it does next. The numbers are stored.</summary>
public enum Permit
{
    /// <summary>No limit holds for its state.</summary>
    None = 0,

    /// <summary>A limit holds: its owner has a permit, and nobody takes it without one.</summary>
    Needed = 1,

    /// <summary>A limit holds for its state, but what comes next is only its deadline.</summary>
    Later = 2,
}
