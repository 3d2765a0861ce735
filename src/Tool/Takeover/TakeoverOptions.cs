namespace GopherFlow.Tool.Takeover;

/// <summary>What of the Go system is taken over, and how.</summary>
internal sealed record TakeoverOptions
{
    /// <summary>An executor of the Go system says every 30 seconds that it is alive.</summary>
    public static readonly TimeSpan AliveWithin = TimeSpan.FromMinutes(2);

    /// <summary>Whether it is done; else it is only said what would be.</summary>
    public required bool Apply { get; init; }

    /// <summary>Whether workflows that have failed there are taken over, too, and run again.</summary>
    public required bool WithFailed { get; init; }

    /// <summary>Whether it is done although the Go system runs.</summary>
    public required bool WhileRunning { get; init; }

    /// <summary>Variables whose text is JSON, and which become the value that it says.</summary>
    public required IReadOnlySet<string> Parsed { get; init; }

    /// <summary>States in which a parent waits until its last child has ended.</summary>
    public required IReadOnlySet<string> AwaitingChildren { get; init; }
}
