namespace GopherFlow.Authoring;

/// <summary>
/// A child workflow to create in the commit of a step. Its variables are written with the default serializer options. If the application
/// has added converters, create the request with <see cref="StepContext.NewChild"/>, which uses them.
/// </summary>
/// <param name="WorkflowType">The name of a definition that this or another executor runs.</param>
/// <param name="BusinessKey">What the child is about, such as an order number.</param>
public sealed record ChildRequest(string WorkflowType, string BusinessKey)
{
    private const int LongestKey = 500;

    /// <summary>
    /// The child's external id, unique among all workflows. Default: derived from the parent's step, and the same for each retry of that
    /// step.
    /// </summary>
    public string? ExternalId { get; init; }

    /// <summary>The executor group that runs the child. Default: the parent's.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>The priority, from 1 (first) to 9 (last). Default: the parent's.</summary>
    public int? Priority { get; init; }

    /// <summary>The key under which per-key limits count the child. Default: its business key.</summary>
    /// <exception cref="ArgumentException">The key is empty, contains a NUL character, or is longer than 500 characters.</exception>
    public string? LimitKey
    {
        get;
        init => field = value is null ? null : Checked(value);
    }

    /// <summary>The variables the child starts with.</summary>
    public Variables Variables { get; init; } = new();

    internal static string Checked(string limitKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(limitKey);
        return limitKey.Length <= LongestKey && !limitKey.Contains('\0')
            ? limitKey
            : throw new ArgumentException(
                $"Expected at most {LongestKey} characters, none of them NUL.",
                nameof(limitKey)
            );
    }

    /// <summary>Sets a variable of the child and returns the same request, for chaining.</summary>
    public ChildRequest With<T>(string name, T value)
    {
        Variables.Set(name, value);
        return this;
    }
}

/// <summary>A child workflow as it was committed when the parent read it.</summary>
/// <param name="Id">The child's id.</param>
/// <param name="ExternalId">The child's external id.</param>
/// <param name="WorkflowType">The name of its definition.</param>
/// <param name="BusinessKey">Its business key.</param>
/// <param name="Status">Its status.</param>
/// <param name="State">Its current state.</param>
/// <param name="Variables">A copy of its variables. Changing it has no effect on the child.</param>
public sealed record ChildWorkflow(
    long Id,
    string ExternalId,
    string WorkflowType,
    string BusinessKey,
    WorkflowStatus Status,
    string State,
    Variables Variables
);
