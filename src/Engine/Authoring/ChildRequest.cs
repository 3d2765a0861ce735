namespace GopherFlow.Authoring;

/// <summary>
/// A child workflow to create together with the commit of a step. Its variables are written by the usual serializer; where the
/// application has added converters, <see cref="StepContext.NewChild"/> makes one that knows them.
/// </summary>
/// <param name="WorkflowType">The name of a definition that this or another executor runs.</param>
/// <param name="BusinessKey">What the child is about, in the words of the business.</param>
public sealed record ChildRequest(string WorkflowType, string BusinessKey)
{
    private const int LongestKey = 500;

    /// <summary>Unique among all workflows. Default: one made from the parent's step, the same for each retry of it.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The executor group that runs the child. Default: the parent's.</summary>
    public string? ExecutorGroup { get; init; }

    /// <summary>1 (first) to 9 (last). Default: the parent's.</summary>
    public int? Priority { get; init; }

    /// <summary>The key under which limits that hold for each key count the child. Default: its business key.</summary>
    /// <exception cref="ArgumentException">The key is empty, has NUL characters or more than 500 characters.</exception>
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

/// <summary>A child as its parent sees it: what has been committed when it is asked for.</summary>
/// <param name="Id">The child's id.</param>
/// <param name="ExternalId">The child's external id.</param>
/// <param name="WorkflowType">The name of its definition.</param>
/// <param name="BusinessKey">Its business key.</param>
/// <param name="Status">Its status.</param>
/// <param name="State">Its current state.</param>
/// <param name="Variables">Its variables; changing them changes nothing in the child.</param>
public sealed record ChildWorkflow(
    long Id,
    string ExternalId,
    string WorkflowType,
    string BusinessKey,
    WorkflowStatus Status,
    string State,
    Variables Variables
);
