namespace GopherFlow.Rules;

/// <summary>The range of priorities: 1 runs first, 9 last.</summary>
public static class WorkflowPriority
{
    /// <summary>Runs first.</summary>
    public const int First = 1;

    /// <summary>The default priority.</summary>
    public const int Default = 5;

    /// <summary>Runs last.</summary>
    public const int Last = 9;
}
