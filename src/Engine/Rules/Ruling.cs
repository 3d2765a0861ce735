namespace GopherFlow.Rules;

/// <summary>What <see cref="WorkflowRule"/> decides of an event.</summary>
internal abstract record Ruling
{
    private Ruling() { }

    /// <summary>The workflow is written as it is now.</summary>
    /// <param name="After">The row, with its next revision.</param>
    /// <param name="History">Entries for the history, oldest first.</param>
    public sealed record Written(WorkflowRecord After, IReadOnlyList<HistoryEntry> History) : Ruling
    {
        /// <summary>Whether listeners are notified: not of a mere count or mark. Default: true.</summary>
        public bool IsVisible { get; init; } = true;

        /// <summary>Children to create, ruled by <see cref="WorkflowRule.Create"/>.</summary>
        public IReadOnlyList<NewWorkflow> Children { get; init; } = [];

        /// <summary>Delivery workflows to create for the webhooks of this end. They have no parent.</summary>
        public IReadOnlyList<NewWorkflow> Deliveries { get; init; } = [];

        /// <summary>Whether the history of the generation before the one that ends now is deleted.</summary>
        public bool ClosesHistory { get; init; }

        /// <summary>A signal to keep, or null.</summary>
        public Signalled? Keeps { get; init; }

        /// <summary>A signal that is taken, or null.</summary>
        public TakenSignal? Takes { get; init; }

        /// <summary>What happens to the parent with it, in this order.</summary>
        public IReadOnlyList<WorkflowEvent> ForParent { get; init; } = [];
    }

    /// <summary>The workflow is deleted with its history and variables.</summary>
    public sealed record Removed : Ruling;

    /// <summary>Nothing is written.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(Refusal Reason) : Ruling
    {
        /// <summary>What was expected of a variable, as the rest of a sentence; else null.</summary>
        public string? Expected { get; init; }
    }
}

/// <summary>Why an event changes nothing.</summary>
internal enum Refusal
{
    /// <summary>Another holds the workflow, or the attempt was committed before.</summary>
    LeaseLost,

    /// <summary>The workflow is in none of the states, or not on the version, that the event asks for.</summary>
    WrongState,

    /// <summary>The workflow has not the status for what the event asks.</summary>
    WrongStatus,

    /// <summary>The workflow has the most signals that may be kept for it.</summary>
    TooManySignals,

    /// <summary>A variable is not as it was expected to be.</summary>
    Conflict,

    /// <summary>A variable cannot be set to that value.</summary>
    FaultyVariable,
}
