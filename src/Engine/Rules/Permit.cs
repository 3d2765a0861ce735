namespace GopherFlow.Rules;

/// <summary>Whether a workflow needs a permit for its next run. The numbers are stored.</summary>
public enum Permit
{
    /// <summary>No limit applies to its state.</summary>
    None = 0,

    /// <summary>A limit applies. If the workflow has an owner, it has a permit; without a permit it cannot be claimed.</summary>
    Needed = 1,

    /// <summary>A limit applies to its state, but the next event is only its deadline, which needs no permit.</summary>
    Later = 2,
}
