using GopherFlow.Authoring;

namespace GopherFlow.Definitions;

/// <summary>Validates retry policies, including those for single types of exceptions.</summary>
internal static class RetryValidation
{
    /// <summary>The errors of the retry policy of a state, or of a whole definition if the state is null.</summary>
    public static IEnumerable<DefinitionFault> Validate(WorkflowDefinition definition, string? state, RetryPolicy retry)
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

        foreach (var fault in retry.Exceptions.SelectMany(each => Validate(definition, state, each.Policy)))
        {
            yield return fault;
        }
    }
}
