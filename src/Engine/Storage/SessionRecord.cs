using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A session to open.</summary>
/// <param name="TokenHash">The hash of the secret that the browser holds.</param>
/// <param name="User">Whose it is, as the one whose password was checked.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Until when.</param>
public sealed record NewSession(string TokenHash, UserRecord User, DateTimeOffset Created, DateTimeOffset Expires)
{
    /// <summary>The most characters of an address; what is longer is cut.</summary>
    public const int LongestAddress = 100;

    /// <summary>The most characters of a user agent; what is longer is cut.</summary>
    public const int LongestUserAgent = 200;

    /// <summary>Since when.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();

    /// <summary>Until when.</summary>
    public DateTimeOffset Expires
    {
        get;
        init => field = value.AsStored();
    } = Expires.AsStored();

    /// <summary>From where, if that is known.</summary>
    public string? Address
    {
        get;
        init => field = value?.CutAt(LongestAddress).Storable();
    }

    /// <summary>What the browser calls itself.</summary>
    public string? UserAgent
    {
        get;
        init => field = value?.CutAt(LongestUserAgent).Storable();
    }
}

/// <summary>An open session.</summary>
public sealed record SessionRecord
{
    /// <summary>The id, by which it is shown and ended.</summary>
    public required long Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required UserRecord User { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>From where it was opened, if that is known.</summary>
    public string? Address { get; init; }

    /// <summary>What the browser called itself.</summary>
    public string? UserAgent { get; init; }
}
