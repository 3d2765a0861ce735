using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>One thing that is wrong with a definition.</summary>
/// <param name="Definition">The name of the definition.</param>
/// <param name="State">The state it is about, or null when it is about the whole.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record DefinitionFault(string Definition, string? State, string Message)
{
    /// <summary>
    /// The target of the state that it is about, or the state to which the whole goes when it is cancelled; null when it is about no
    /// single one.
    /// </summary>
    public string? Target { get; init; }

    /// <summary>The fault on one line, as logs and error texts show it.</summary>
    public override string ToString() =>
        State is null ? $"{Definition}: {Message}" : $"{Definition}, state '{State}': {Message}";
}

/// <summary>The one check of a definition, whichever way it was written. It reports every fault at once.</summary>
public static class DefinitionValidation
{
    /// <summary>The longest name of a definition or a state, in characters.</summary>
    public const int LongestName = 200;

    /// <summary>The same limit as the setting GFLOW_ENGINE_STATE_TIMEOUT has. A .NET timer cannot wait longer than 49 days.</summary>
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(30);

    /// <summary>All faults, in the order of the states; none for a definition that can run.</summary>
    public static IReadOnlyList<DefinitionFault> Validate(WorkflowDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return
        [
            .. OfNames(definition),
            .. OfStart(definition),
            .. definition.States.SelectMany(state => OfState(definition, state)),
            .. OfReachability(definition),
            .. OfRetry(definition, null, definition.Retry),
            .. OfDiversion(definition, definition.CancelState, "it is cancelled"),
            .. OfDiversion(definition, definition.FailureState, "a state fails"),
            .. definition.States.SelectMany(state => CompensationValidation.Validate(definition, state)),
            .. OfRetention(definition),
            .. OfWebhooks(definition),
            .. OfLimits(definition, null, definition.Limits),
            .. definition.States.SelectMany(state => OfLimits(definition, state, state.Limits)),
        ];
    }

    private static IEnumerable<DefinitionFault> OfWebhooks(WorkflowDefinition definition)
    {
        foreach (
            var webhook in definition.Webhooks.Where(webhook => (webhook.On & WorkflowEnds.All) == WorkflowEnds.None)
        )
        {
            yield return new(
                definition.Name,
                null,
                $"has a webhook '{webhook.Name}' that hears of no end; expected Finished, Failed or Cancelled"
            );
        }

        foreach (var twice in definition.Webhooks.GroupBy(webhook => webhook.Name).Where(same => same.Count() > 1))
        {
            yield return new(
                definition.Name,
                null,
                $"names the webhook '{twice.Key}' {twice.Count()} times; name it once, with all ends of which it hears"
            );
        }
    }

    private static IEnumerable<DefinitionFault> OfLimits(
        WorkflowDefinition definition,
        StateDefinition? state,
        IReadOnlyList<WorkflowLimit> limits
    )
    {
        if (limits.Any(limit => limit.Count < 1 || limit.Span <= TimeSpan.Zero))
        {
            yield return new(definition.Name, state?.Name, "has a limit below 1; a limit lets at least 1 run");
        }

        if (limits.Count > 0 && state is { Runs: false })
        {
            yield return new(
                definition.Name,
                state.Name,
                "has a limit and runs nothing; limit a state with a function"
            );
        }
    }

    private static IEnumerable<DefinitionFault> OfNames(WorkflowDefinition definition)
    {
        if (NameFault(definition.Name) is { } nameFault)
        {
            yield return new(definition.Name, null, $"the name of the definition {nameFault}");
        }

        foreach (var state in definition.States)
        {
            if (NameFault(state.Name) is { } stateFault)
            {
                yield return new(definition.Name, state.Name, $"the name of the state {stateFault}");
            }
        }

        foreach (var twice in definition.States.GroupBy(state => state.Name).Where(same => same.Count() > 1))
        {
            yield return new(
                definition.Name,
                twice.Key,
                $"is declared {twice.Count()} times; give each state a name of its own"
            );
        }
    }

    private static string? NameFault(string name) =>
        name switch
        {
            _ when string.IsNullOrWhiteSpace(name) => "is empty; give it one",
            _ when name.Length > LongestName => $"has {name.Length} characters; at most {LongestName} are allowed",
            _ when name.Any(char.IsControl) || name != name.Trim() =>
                "has control characters or blanks around it; remove them",
            _ => null,
        };

    private static IEnumerable<DefinitionFault> OfStart(WorkflowDefinition definition)
    {
        var starts = definition
            .States.Where(state => state.Type == StateType.Start)
            .Select(state => state.Name)
            .ToList();
        if (starts.Count == 0)
        {
            yield return new(definition.Name, null, "has no Start state; declare exactly one");
        }
        else if (starts.Count > 1)
        {
            yield return new(
                definition.Name,
                null,
                $"has {starts.Count} Start states ({string.Join(", ", starts)}); declare exactly one"
            );
        }
    }

    private static IEnumerable<DefinitionFault> OfState(WorkflowDefinition definition, StateDefinition state)
    {
        foreach (var target in state.GoesTo.Where(target => !definition.TryFind(target, out _)).Distinct())
        {
            yield return new(definition.Name, state.Name, $"goes to '{target}', which is not a state of the definition")
            {
                Target = target,
            };
        }

        foreach (var twice in state.GoesTo.GroupBy(target => target).Where(same => same.Count() > 1))
        {
            yield return new(
                definition.Name,
                state.Name,
                $"names the target '{twice.Key}' {twice.Count()} times; once is enough"
            )
            {
                Target = twice.Key,
            };
        }

        if (state.Runs && state.Function is null)
        {
            yield return new(definition.Name, state.Name, "has no function; a Start or Normal state needs one");
        }

        if (!state.Runs && state.Function is not null)
        {
            yield return new(
                definition.Name,
                state.Name,
                $"has a function that would never run, for it is of type {state.Type}"
            );
        }

        if (state.HasUnreadTargets)
        {
            yield return new(
                definition.Name,
                state.Name,
                "its code does not name each state that may follow; list them behind the function, as in [ \"Done\" ]"
            );
        }
        else if (state.Runs && state.GoesTo.Count == 0 && !Undoes(definition, state.Name))
        {
            yield return new(definition.Name, state.Name, "has no way out; name the states that may follow");
        }

        if (state.IsFinal && state.GoesTo.Count > 0)
        {
            yield return new(
                definition.Name,
                state.Name,
                $"is of type {state.Type} and final, yet names states that follow"
            );
        }

        if (state.Timeout is { } timeout && (timeout <= TimeSpan.Zero || timeout > LongestTimeout))
        {
            yield return new(
                definition.Name,
                state.Name,
                $"has a timeout of {timeout}; it must be more than zero and at most {LongestTimeout.Days} days"
            );
        }

        if (state.Retry is { } retry)
        {
            foreach (var fault in OfRetry(definition, state.Name, retry))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<DefinitionFault> OfRetry(WorkflowDefinition definition, string? state, RetryPolicy retry)
    {
        if (retry.MaxRetries < 0)
        {
            yield return new(
                definition.Name,
                state,
                $"has a retry policy with {retry.MaxRetries} retries; 0 or more are expected"
            );
        }

        if (retry.MinDelay < TimeSpan.Zero || retry.MaxDelay < retry.MinDelay)
        {
            yield return new(
                definition.Name,
                state,
                $"has a retry policy with delays from {retry.MinDelay} to {retry.MaxDelay}; the first must be at least zero "
                    + "and not longer than the second"
            );
        }

        foreach (var fault in retry.Exceptions.SelectMany(each => OfRetry(definition, state, each.Policy)))
        {
            yield return fault;
        }
    }

    /// <summary>The state to which the engine takes a workflow out of any other.</summary>
    private static IEnumerable<DefinitionFault> OfDiversion(WorkflowDefinition definition, string? name, string when)
    {
        if (name is null)
        {
            yield break;
        }

        if (!(definition.TryFind(name, out var state) && state.Runs))
        {
            yield return new(
                definition.Name,
                null,
                $"goes to '{name}' when {when}, which is not a state with a function"
            )
            {
                Target = name,
            };
        }
        else if (Undoes(definition, name))
        {
            yield return new(
                definition.Name,
                null,
                $"goes to '{name}' when {when}, which undoes another state; expected one that says Compensate"
            )
            {
                Target = name,
            };
        }
    }

    private static bool Undoes(WorkflowDefinition definition, string state) =>
        definition.Compensations?.Compensating.Contains(state) == true;

    private static IEnumerable<DefinitionFault> OfRetention(WorkflowDefinition definition)
    {
        (string Of, TimeSpan? Span)[] spans =
        [
            (nameof(Retention.Finished), definition.Retention.Finished),
            (nameof(Retention.Failed), definition.Retention.Failed),
            (nameof(Retention.Cancelled), definition.Retention.Cancelled),
        ];
        return spans
            .Where(span => span.Span < TimeSpan.Zero)
            .Select(span => new DefinitionFault(
                definition.Name,
                null,
                $"has a retention ({span.Of}) of {span.Span}; zero, which is for ever, or more is expected"
            ));
    }

    /// <summary>
    /// A Manual state without targets can be moved anywhere by a person, so it reaches every state; so may one whose targets are unread.
    /// </summary>
    private static IEnumerable<DefinitionFault> OfReachability(WorkflowDefinition definition)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>(
            definition.States.Where(state => state.Type == StateType.Start).Select(state => state.Name)
        );
        if (open.Count == 0)
        {
            yield break;
        }

        foreach (var diversion in new[] { definition.CancelState, definition.FailureState }.OfType<string>())
        {
            open.Push(diversion);
        }

        while (open.TryPop(out var name))
        {
            if (!reached.Add(name) || !definition.TryFind(name, out var state))
            {
                continue;
            }

            if (state is { Type: StateType.Manual, GoesTo.Count: 0 } or { HasUnreadTargets: true })
            {
                yield break;
            }

            foreach (var target in state.CompensatedBy is { } undo ? state.GoesTo.Append(undo) : state.GoesTo)
            {
                open.Push(target);
            }
        }

        foreach (var state in definition.States.Where(state => !reached.Contains(state.Name)))
        {
            yield return new(
                definition.Name,
                state.Name,
                "cannot be reached from the Start state; remove it or lead a transition to it"
            );
        }
    }
}
