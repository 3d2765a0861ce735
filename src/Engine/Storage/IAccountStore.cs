namespace GopherFlow.Storage;

/// <summary>
/// Users, sessions and API keys, in the same database as the workflows. Secrets are stored only as hashes; the server computes and compares
/// them. Once there has been an enabled admin, there always is one, even when accounts are changed concurrently.
/// </summary>
public interface IAccountStore
{
    /// <summary>Adds a user, with an API key if given, but only if there is no user at all yet.</summary>
    /// <returns>False if there already was a user; nothing is changed then.</returns>
    Task<bool> AddFirstUserAsync(NewUser user, NewApiKey? key, CancellationToken cancellation);

    /// <summary>Adds a user.</summary>
    /// <returns>Null if the name or the external identity is already taken; nothing is changed then.</returns>
    Task<UserRecord?> AddUserAsync(NewUser user, CancellationToken cancellation);

    /// <summary>The user with an id, or null.</summary>
    Task<UserRecord?> FindUserAsync(long id, CancellationToken cancellation);

    /// <summary>The user with a name, ignoring case, or null.</summary>
    Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation);

    /// <summary>The user with an external identity, or null.</summary>
    Task<UserRecord?> FindUserAsync(ExternalIdentity identity, CancellationToken cancellation);

    /// <summary>A page of the users, ordered by id.</summary>
    Task<IReadOnlyList<UserRecord>> UsersAsync(UserSearch search, CancellationToken cancellation);

    /// <summary>
    /// Changes a user. A user who is disabled loses all sessions. A user who gets another password loses all sessions except the one to
    /// keep.
    /// </summary>
    Task<UserChangeResult> ChangeUserAsync(long id, UserChange change, CancellationToken cancellation);

    /// <summary>Deletes a user with all sessions and keys.</summary>
    Task<UserChangeResult> DeleteUserAsync(long id, CancellationToken cancellation);

    /// <summary>The user of a session that has not expired, or null.</summary>
    Task<SessionRecord?> FindSessionAsync(string tokenHash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A user's sessions that have not expired, newest first.</summary>
    Task<IReadOnlyList<SessionRecord>> SessionsAsync(long userId, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Opens a session.</summary>
    /// <returns>False if the user was changed, disabled or deleted since it was read; nothing is changed then.</returns>
    Task<bool> AddSessionAsync(NewSession session, CancellationToken cancellation);

    /// <summary>Records that a session was used, unless a use was recorded less than a minute ago.</summary>
    Task NoteSessionUseAsync(long id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Ends a session. Does nothing if it does not exist.</summary>
    Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation);

    /// <summary>Ends a session of a user.</summary>
    /// <returns>False if the user has no such session.</returns>
    Task<bool> DeleteSessionAsync(long userId, long id, CancellationToken cancellation);

    /// <summary>Ends the sessions of a user, except one if given.</summary>
    /// <returns>How many were ended.</returns>
    Task<int> DeleteSessionsAsync(long userId, long? exceptId, CancellationToken cancellation);

    /// <summary>The key with a hash, and its owner, or null if there is none, it was revoked, or it has expired.</summary>
    Task<ApiKeyOwner?> FindApiKeyAsync(string keyHash, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>A user's keys, newest first, including those that were revoked or have expired.</summary>
    Task<IReadOnlyList<ApiKeyRecord>> ApiKeysAsync(long userId, CancellationToken cancellation);

    /// <summary>Adds a key.</summary>
    /// <returns>Null if there is no such user; nothing is changed then.</returns>
    Task<ApiKeyRecord?> AddApiKeyAsync(long userId, NewApiKey key, CancellationToken cancellation);

    /// <summary>Records that a key was used, unless a use was recorded less than a minute ago.</summary>
    Task NoteApiKeyUseAsync(long id, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Revokes a key of a user.</summary>
    /// <returns>The key; null if the user has no such key, or it was already revoked.</returns>
    Task<ApiKeyRecord?> RevokeApiKeyAsync(long userId, long id, DateTimeOffset now, CancellationToken cancellation);
}
