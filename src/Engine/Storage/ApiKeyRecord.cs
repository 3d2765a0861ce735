using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An API key to add.</summary>
/// <param name="Name">What its owner calls it.</param>
/// <param name="KeyHash">The hash of the key.</param>
/// <param name="Beginning">The first characters of the key, by which its owner tells it from others; empty when none is to be shown.</param>
/// <param name="Role">One of <see cref="AccountRoles"/>.</param>
/// <param name="Created">The instant.</param>
public sealed record NewApiKey(string Name, string KeyHash, string Beginning, string Role, DateTimeOffset Created)
{
    /// <summary>The most characters of a name; what is longer is cut.</summary>
    public const int LongestName = 100;

    /// <summary>What its owner calls it.</summary>
    public string Name
    {
        get;
        init => field = value.CutAt(LongestName).Storable();
    } = Name.CutAt(LongestName).Storable();

    /// <summary>One of <see cref="AccountRoles"/>.</summary>
    public string Role
    {
        get;
        init => field = AccountRoles.Required(value);
    } = AccountRoles.Required(Role);

    /// <summary>The instant.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();

    /// <summary>Until when it opens anything; null is for ever.</summary>
    public DateTimeOffset? Expires
    {
        get;
        init => field = value.AsStored();
    }
}

/// <summary>An API key as stored.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>The id, by which it is shown and revoked.</summary>
    public required long Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required long UserId { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>The first characters of the key.</summary>
    public required string Beginning { get; init; }

    /// <summary>What it may do at most; never more than its owner at the time of its use.</summary>
    public required string Role { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Until when it opens anything; null is for ever.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was last used, to the minute.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? Revoked { get; init; }
}

/// <summary>An API key that opens something, and whose it is.</summary>
/// <param name="Key">The key.</param>
/// <param name="User">Its owner.</param>
public sealed record ApiKeyOwner(ApiKeyRecord Key, UserRecord User);
