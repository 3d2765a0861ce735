using System.Text.Json;
using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>The path of a workflow through its states.</summary>
/// <param name="Workflow">The workflow in its current form.</param>
/// <param name="States">The states that it has visited, in the order of the first visit.</param>
/// <param name="Transitions">The transitions that it has made, in the order of their last use.</param>
public sealed record WorkflowPicture(
    WorkflowRecord Workflow,
    IReadOnlyList<StateVisits> States,
    IReadOnlyList<TransitionUses> Transitions
);

/// <summary>A workflow's visits of one state.</summary>
/// <param name="State">The name of the state.</param>
/// <param name="Visits">How often the workflow entered the state.</param>
/// <param name="Attempts">How often the state function ran.</param>
/// <param name="FailedAttempts">How often the state function failed.</param>
/// <param name="Time">
/// How long the workflow was in the state in total, including waiting. Zero for the state in which it ended, and where it is no longer
/// known.
/// </param>
/// <param name="Ran">How long the state function ran in total.</param>
/// <param name="FirstEntry">The id of the history entry of the first visit.</param>
/// <param name="LastEntered">When the workflow last entered the state.</param>
public sealed record StateVisits(
    string State,
    long Visits,
    long Attempts,
    long FailedAttempts,
    TimeSpan Time,
    TimeSpan Ran,
    long FirstEntry,
    DateTimeOffset? LastEntered
);

/// <summary>A workflow's uses of one transition.</summary>
/// <param name="From">The state that it left.</param>
/// <param name="To">The state that it entered.</param>
/// <param name="ByHand">Whether a person made the transition.</param>
/// <param name="Count">How often the transition was made.</param>
/// <param name="LastEntry">The id of the history entry of the last use.</param>
/// <param name="Last">When it was last used.</param>
public sealed record TransitionUses(
    string From,
    string To,
    bool ByHand,
    long Count,
    long LastEntry,
    DateTimeOffset Last
);

/// <summary>The variables of a workflow at a position of its history.</summary>
/// <param name="Values">The variables whose values the history stores.</param>
/// <param name="Unknown">The names of the variables whose values it does not store.</param>
public sealed record VariablesAt(IReadOnlyDictionary<string, JsonElement> Values, IReadOnlyList<string> Unknown);
