using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>An API key to add.</summary>
/// <param name="Name">The name that its owner gave it; cut after <see cref="LongestName"/> characters.</param>
/// <param name="KeyHash">The hash of the key.</param>
/// <param name="Beginning">The first characters of the key, by which its owner recognizes it in lists; empty to show none.</param>
/// <param name="Role">One of <see cref="AccountRoles"/>.</param>
/// <param name="Created">When it was created.</param>
public sealed record NewApiKey(string Name, string KeyHash, string Beginning, string Role, DateTimeOffset Created)
{
    /// <summary>The maximum length of a name in characters; longer names are cut.</summary>
    public const int LongestName = 100;

    /// <summary>The name that its owner gave it; cut after <see cref="LongestName"/> characters.</summary>
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

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();

    /// <summary>When it expires; null if it never does.</summary>
    public DateTimeOffset? Expires
    {
        get;
        init => field = value.AsStored();
    }
}

/// <summary>An API key as stored.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>The id, used to list and to revoke the key.</summary>
    public required long Id { get; init; }

    /// <summary>The id of the user who owns it.</summary>
    public required long UserId { get; init; }

    /// <summary>The name that its owner gave it.</summary>
    public required string Name { get; init; }

    /// <summary>The first characters of the key.</summary>
    public required string Beginning { get; init; }

    /// <summary>Its role. When the key is used, it never has more rights than its owner has at that time.</summary>
    public required string Role { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it expires; null if it never does.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was last used, to the minute; null if never.</summary>
    public DateTimeOffset? LastUsed { get; init; }

    /// <summary>When it was revoked; null if it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }
}

/// <summary>A valid API key and its owner.</summary>
/// <param name="Key">The key.</param>
/// <param name="User">Its owner.</param>
public sealed record ApiKeyOwner(ApiKeyRecord Key, UserRecord User);
