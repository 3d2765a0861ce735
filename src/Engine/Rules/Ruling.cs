namespace GopherFlow.Rules;

/// <summary>The decision of <see cref="WorkflowRule"/> about an event.</summary>
internal abstract record Ruling
{
    private Ruling() { }

    /// <summary>The workflow is written.</summary>
    /// <param name="After">The new row, with its next revision.</param>
    /// <param name="History">Entries for the history, oldest first.</param>
    public sealed record Written(WorkflowRecord After, IReadOnlyList<HistoryEntry> History) : Ruling
    {
        /// <summary>Whether listeners are notified. False for changes of internal counts or marks. Default: true.</summary>
        public bool IsVisible { get; init; } = true;

        /// <summary>Children to create with <see cref="WorkflowRule.Create"/>.</summary>
        public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

        /// <summary>Delivery workflows to create for the webhooks of this end. They have no parent.</summary>
        public IReadOnlyList<NewWorkflow> Deliveries { get; init; } = [];

        /// <summary>Whether to delete the history of the generation before the one that ends now.</summary>
        public bool ClosesHistory { get; init; }

        /// <summary>A signal to keep, or null.</summary>
        public Signalled? Keeps { get; init; }

        /// <summary>A signal that the step takes, or null.</summary>
        public TakenSignal? Takes { get; init; }

        /// <summary>Events for the parent, in this order.</summary>
        public IReadOnlyList<WorkflowEvent> ForParent { get; init; } = [];
    }

    /// <summary>The workflow is deleted with its history and variables.</summary>
    public sealed record Removed : Ruling;

    /// <summary>Nothing is written.</summary>
    /// <param name="Reason">Why the event is refused.</param>
    public sealed record Refused(Refusal Reason) : Ruling
    {
        /// <summary>What was expected of a variable, for the error message; otherwise null.</summary>
        public string? Expected { get; init; }
    }
}

/// <summary>Why an event is refused.</summary>
internal enum Refusal
{
    /// <summary>Another executor owns the workflow, or the attempt has already been committed.</summary>
    LeaseLost,

    /// <summary>The workflow is not in a state, or not on the version, that the event requires.</summary>
    WrongState,

    /// <summary>The status of the workflow does not allow the event.</summary>
    WrongStatus,

    /// <summary>The workflow already keeps the maximum number of signals.</summary>
    TooManySignals,

    /// <summary>A variable does not have its expected value.</summary>
    Conflict,

    /// <summary>A variable cannot be set to that value.</summary>
    FaultyVariable,
}
