using GopherFlow.Rules;

namespace GopherFlow.Storage;

/// <summary>
/// Users, sessions and API keys. Secrets come and go only as hashes; whoever makes and compares them is the server. Kept in the
/// same database as the workflows.
/// </summary>
public interface IAccountStore
{
    /// <summary>Adds a user, with an API key if given, provided that there is no user at all yet.</summary>
    /// <returns>False when there already was one; nothing is changed then.</returns>
    Task<bool> AddFirstUserAsync(NewUser user, string? apiKeyHash, CancellationToken cancellation);

    /// <summary>The user of that name, compared exactly, or null.</summary>
    Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation);

    /// <summary>The user to whom an API key belongs, or null.</summary>
    Task<UserRecord?> FindUserByApiKeyAsync(string apiKeyHash, CancellationToken cancellation);

    /// <summary>The user of a session that has not expired, or null.</summary>
    Task<SessionRecord?> FindSessionAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Opens a session, and forgets those of all users that have expired.</summary>
    Task AddSessionAsync(NewSession session, CancellationToken cancellation);

    /// <summary>Ends a session; one that does not exist is no fault.</summary>
    Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation);
}

/// <summary>A user to add.</summary>
/// <param name="Username">Unique.</param>
/// <param name="PasswordHash">The slow salted hash of the password.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Created">The instant.</param>
public sealed record NewUser(string Username, string PasswordHash, string Role, DateTimeOffset Created)
{
    /// <summary>The instant.</summary>
    public DateTimeOffset Created
    {
        get;
        init => field = value.AsStored();
    } = Created.AsStored();
}

/// <summary>A user as stored.</summary>
/// <param name="Id">The id.</param>
/// <param name="Username">Unique.</param>
/// <param name="PasswordHash">The slow salted hash of the password.</param>
/// <param name="Role">viewer, operator or admin.</param>
/// <param name="Enabled">Whether the user may sign in.</param>
/// <param name="Created">When it was added.</param>
public sealed record UserRecord(
    long Id,
    string Username,
    string PasswordHash,
    string Role,
    bool Enabled,
    DateTimeOffset Created
);

/// <summary>A session to open.</summary>
/// <param name="TokenHash">The hash of the secret that the browser holds.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Created">Since when.</param>
/// <param name="Expires">Until when.</param>
public sealed record NewSession(string TokenHash, long UserId, DateTimeOffset Created, DateTimeOffset Expires)
{
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
}

/// <summary>An open session.</summary>
/// <param name="User">Whose it is.</param>
/// <param name="Expires">Until when.</param>
public sealed record SessionRecord(UserRecord User, DateTimeOffset Expires);
