using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>A session to open.</summary>
/// <param name="TokenHash">The hash of the secret that the browser holds.</param>
/// <param name="User">The user, as read when the password was checked.</param>
/// <param name="Created">When it begins.</param>
/// <param name="Expires">When it expires.</param>
public sealed record NewSession(string TokenHash, UserRecord User, DateTimeOffset Created, DateTimeOffset Expires)
{
    /// <summary>The maximum length of an address in characters; longer ones are cut.</summary>
    public const int LongestAddress = 100;

    /// <summary>The maximum length of a user agent in characters; longer ones are cut.</summary>
    public const int LongestUserAgent = 200;

    /// <summary>When it begins.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();

    /// <summary>When it expires.</summary>
    public DateTimeOffset Expires
    {
        get;
        init => field = value.AsStored();
    } = Expires.AsStored();

    /// <summary>The address from which it is opened, if known.</summary>
    public string? Address
    {
        get;
        init => field = value?.CutAt(LongestAddress).Storable();
    }

    /// <summary>The user agent of the browser.</summary>
    public string? UserAgent
    {
        get;
        init => field = value?.CutAt(LongestUserAgent).Storable();
    }
}

/// <summary>An open session.</summary>
public sealed record SessionRecord
{
    /// <summary>The id, used to list and to end the session.</summary>
    public required long Id { get; init; }

    /// <summary>The user who opened it.</summary>
    public required UserRecord User { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it expires.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public required DateTimeOffset LastUsed { get; init; }

    /// <summary>The address from which it was opened, if known.</summary>
    public string? Address { get; init; }

    /// <summary>The user agent of the browser.</summary>
    public string? UserAgent { get; init; }
}
