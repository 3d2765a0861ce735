namespace GopherFlow.Storage;

/// <summary>
/// Users, sessions and API keys. Secrets are stored as hashes only; the server makes and compares them. Kept in the
/// same database as the workflows. Once there has been an enabled admin there always is one, however many change accounts at the same time.
/// </summary>
public interface IAccountStore
{
    /// <summary>Adds a user, with an API key if given, provided that there is no user at all yet.</summary>
    /// <returns>False when there already was one; nothing is changed then.</returns>
    Task<bool> AddFirstUserAsync(NewUser user, NewApiKey? key, CancellationToken cancellation);

    /// <summary>Adds a user.</summary>
    /// <returns>Null when the name or the external identity is another's; nothing is changed then.</returns>
    Task<UserRecord?> AddUserAsync(NewUser user, CancellationToken cancellation);

    /// <summary>The user of an id, or null.</summary>
    Task<UserRecord?> FindUserAsync(long id, CancellationToken cancellation);

    /// <summary>The user of a name, whatever its case, or null.</summary>
    Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation);

    /// <summary>The user of an external identity, or null.</summary>
    Task<UserRecord?> FindUserAsync(ExternalIdentity identity, CancellationToken cancellation);

    /// <summary>A page of the users, by their ids.</summary>
    Task<IReadOnlyList<UserRecord>> UsersAsync(UserSearch search, CancellationToken cancellation);

    /// <summary>
    /// Changes a user. Who is disabled loses all sessions; who gets another password loses all but the one that is to stay.
    /// </summary>
    Task<UserChangeResult> ChangeUserAsync(long id, UserChange change, CancellationToken cancellation);

    /// <summary>Deletes a user with all sessions and keys.</summary>
    Task<UserChangeResult> DeleteUserAsync(long id, CancellationToken cancellation);

    /// <summary>The user of a session that has not expired, or null.</summary>
    Task<SessionRecord?> FindSessionAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A user's sessions that have not expired, the newest first.</summary>
    Task<IReadOnlyList<SessionRecord>> SessionsAsync(long userId, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Opens a session.</summary>
    /// <returns>False when the user has been changed, disabled or deleted since it was read; nothing is changed then.</returns>
    Task<bool> AddSessionAsync(NewSession session, CancellationToken cancellation);

    /// <summary>Notes that a session is used, unless that was noted less than a minute ago.</summary>
    Task NoteSessionUseAsync(long id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends a session; one that does not exist is no fault.</summary>
    Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation);

    /// <summary>Ends a session of a user.</summary>
    /// <returns>False when the user has no such session.</returns>
    Task<bool> DeleteSessionAsync(long userId, long id, CancellationToken cancellation);

    /// <summary>Ends the sessions of a user, but for one if given.</summary>
    /// <returns>How many.</returns>
    Task<int> DeleteSessionsAsync(long userId, long? exceptId, CancellationToken cancellation);

    /// <summary>The key of a hash with its owner, or null when there is none, it was revoked, or it has expired.</summary>
    Task<ApiKeyOwner?> FindApiKeyAsync(string keyHash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A user's keys, the newest first, those that are revoked or have expired included.</summary>
    Task<IReadOnlyList<ApiKeyRecord>> ApiKeysAsync(long userId, CancellationToken cancellation);

    /// <summary>Adds a key.</summary>
    /// <returns>Null when there is no such user; nothing is changed then.</returns>
    Task<ApiKeyRecord?> AddApiKeyAsync(long userId, NewApiKey key, CancellationToken cancellation);

    /// <summary>Notes that a key is used, unless that was noted less than a minute ago.</summary>
    Task NoteApiKeyUseAsync(long id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Revokes a key of a user.</summary>
    /// <returns>The key; null when the user has no such key, or it was revoked before.</returns>
    Task<ApiKeyRecord?> RevokeApiKeyAsync(long userId, long id, DateTimeOffset now, CancellationToken cancellation);
}
