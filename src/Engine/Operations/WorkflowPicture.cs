using System.Text.Json;
using GopherFlow.Rules;

namespace GopherFlow.Operations;

/// <summary>The way of a workflow through its states.</summary>
/// <param name="Workflow">The workflow as it stands.</param>
/// <param name="States">The states that it has been in, in the order in which it first came to them.</param>
/// <param name="Transitions">The transitions that it has made, the one used last comes last.</param>
public sealed record WorkflowPicture(
    WorkflowRecord Workflow,
    IReadOnlyList<StateVisits> States,
    IReadOnlyList<TransitionUses> Transitions
);

/// <summary>What a workflow did in a state.</summary>
/// <param name="State">The state.</param>
/// <param name="Visits">How often it came there.</param>
/// <param name="Attempts">How often the state function ran.</param>
/// <param name="FailedAttempts">How often it failed.</param>
/// <param name="Time">How long the workflow was there, waiting included; zero for the state in which it ended, and where that is not known any more.</param>
/// <param name="Ran">How long the state function ran.</param>
/// <param name="FirstEntry">The id of the history entry with which it first came.</param>
/// <param name="LastEntered">When it last came.</param>
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

/// <summary>How often a workflow went from one state to another.</summary>
/// <param name="From">The state that it left.</param>
/// <param name="To">The state that it went to.</param>
/// <param name="ByHand">Whether a person moved it.</param>
/// <param name="Count">How often.</param>
/// <param name="LastEntry">The id of the history entry of the last time.</param>
/// <param name="Last">The last time.</param>
public sealed record TransitionUses(
    string From,
    string To,
    bool ByHand,
    long Count,
    long LastEntry,
    DateTimeOffset Last
);

/// <summary>The variables of a workflow at a position of its history.</summary>
/// <param name="Values">Those whose values the history keeps.</param>
/// <param name="Unknown">The names of those whose values it does not keep.</param>
public sealed record VariablesAt(IReadOnlyDictionary<string, JsonElement> Values, IReadOnlyList<string> Unknown);
