using GopherFlow.Rules;

namespace GopherFlow.Storage.InMemory;

/// <summary>Users, sessions and keys in memory.</summary>
internal sealed class InMemoryAccounts : IAccountStore
{
    private static readonly TimeSpan UseInterval = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly SortedDictionary<long, UserRecord> users = [];
    private readonly SortedDictionary<long, (string Hash, ApiKeyRecord Key)> apiKeys = [];
    private readonly SortedDictionary<long, (string Hash, SessionRecord Session)> sessions = [];
    private long lastId;

    public Task<bool> AddFirstUserAsync(NewUser user, NewApiKey? key, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (users.Count > 0)
            {
                return false;
            }

            var added = Add(user);
            if (key is not null)
            {
                Add(added.Id, key);
            }

            return true;
        });

    public Task<UserRecord?> AddUserAsync(NewUser user, CancellationToken cancellation) =>
        gate.Locked(() =>
            Find(user.Username) is not null || user.External is { } identity && Find(identity) is not null
                ? null
                : Add(user)
        );

    public Task<UserRecord?> FindUserAsync(long id, CancellationToken cancellation) =>
        gate.Locked(() => users.GetValueOrDefault(id));

    public Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        gate.Locked(() => Find(username));

    public Task<UserRecord?> FindUserAsync(ExternalIdentity identity, CancellationToken cancellation) =>
        gate.Locked(() => Find(identity));

    public Task<IReadOnlyList<UserRecord>> UsersAsync(UserSearch search, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<UserRecord>>(() =>
            [.. users.Values.Where(user => user.Id > search.AfterId).Take(search.Limit)]
        );

    public Task<UserChangeResult> ChangeUserAsync(long id, UserChange change, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (!users.TryGetValue(id, out var before))
            {
                return new UserChangeResult(UserVerdict.NotFound);
            }

            if (change.Revision is { } revision && revision != before.Revision)
            {
                return new UserChangeResult(UserVerdict.Outdated, before);
            }

            var after = before.After(change);
            if (IsLastAdmin(before) && !after.IsEnabledAdmin)
            {
                return new UserChangeResult(UserVerdict.LastAdmin, before);
            }

            users[id] = after;
            if (!after.Enabled || change.PasswordHash is not null)
            {
                EndSessions(id, after.Enabled ? change.KeptSessionId : null);
            }

            return new UserChangeResult(UserVerdict.Done, before, after);
        });

    public Task<UserChangeResult> DeleteUserAsync(long id, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (!users.TryGetValue(id, out var before))
            {
                return new UserChangeResult(UserVerdict.NotFound);
            }

            if (IsLastAdmin(before))
            {
                return new UserChangeResult(UserVerdict.LastAdmin, before);
            }

            EndSessions(id, exceptId: null);
            RemoveAll(apiKeys, entry => entry.Key.UserId == id);
            users.Remove(id);
            return new UserChangeResult(UserVerdict.Done, before);
        });

    public Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
            sessions.Values.FirstOrDefault(entry => entry.Hash == tokenHash && entry.Session.Expires > now).Session
                is { } session
                ? WithUser(session)
                : null
        );

    public Task<IReadOnlyList<SessionRecord>> SessionsAsync(
        long userId,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked<IReadOnlyList<SessionRecord>>(() =>
            [
                .. sessions
                    .Values.Reverse()
                    .Where(entry => entry.Session.User.Id == userId && entry.Session.Expires > now)
                    .Select(entry => WithUser(entry.Session)),
            ]
        );

    public Task<bool> AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (
                users.GetValueOrDefault(session.User.Id) is not { Enabled: true } user
                || user.Revision != session.User.Revision
            )
            {
                return false;
            }

            if (sessions.Values.Any(entry => entry.Hash == session.TokenHash))
            {
                throw new InvalidOperationException("The session already exists.");
            }

            users[user.Id] = user with { LastSignIn = session.Created };
            var id = ++lastId;
            sessions[id] = (
                session.TokenHash,
                new SessionRecord
                {
                    Id = id,
                    User = user,
                    Created = session.Created,
                    Expires = session.Expires,
                    LastUsed = session.Created,
                    Address = session.Address,
                    UserAgent = session.UserAgent,
                }
            );
            return true;
        });

    public Task NoteSessionUseAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (sessions.TryGetValue(id, out var entry) && entry.Session.LastUsed <= now - UseInterval)
            {
                sessions[id] = (entry.Hash, entry.Session with { LastUsed = now.AsStored() });
            }

            return true;
        });

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        gate.Locked(() => RemoveAll(sessions, entry => entry.Hash == tokenHash));

    public Task<bool> DeleteSessionAsync(long userId, long id, CancellationToken cancellation) =>
        gate.Locked(() => RemoveAll(sessions, entry => entry.Session.Id == id && entry.Session.User.Id == userId) == 1);

    public Task<int> DeleteSessionsAsync(long userId, long? exceptId, CancellationToken cancellation) =>
        gate.Locked(() => EndSessions(userId, exceptId));

    public Task<ApiKeyOwner?> FindApiKeyAsync(string keyHash, DateTimeOffset now, CancellationToken cancellation) =>
        gate.Locked(() =>
            apiKeys.Values.FirstOrDefault(entry => entry.Hash == keyHash).Key is { Revoked: null } key
            && (key.Expires is null || key.Expires > now)
                ? new ApiKeyOwner(key, users[key.UserId])
                : null
        );

    public Task<IReadOnlyList<ApiKeyRecord>> ApiKeysAsync(long userId, CancellationToken cancellation) =>
        gate.Locked<IReadOnlyList<ApiKeyRecord>>(() =>
            [.. apiKeys.Values.Reverse().Select(entry => entry.Key).Where(key => key.UserId == userId)]
        );

    public Task<ApiKeyRecord?> AddApiKeyAsync(long userId, NewApiKey key, CancellationToken cancellation) =>
        gate.Locked(() => users.ContainsKey(userId) ? Add(userId, key) : null);

    public Task NoteApiKeyUseAsync(long id, DateTimeOffset now, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (
                apiKeys.TryGetValue(id, out var entry)
                && (entry.Key.LastUsed is null || entry.Key.LastUsed <= now - UseInterval)
            )
            {
                apiKeys[id] = (entry.Hash, entry.Key with { LastUsed = now.AsStored() });
            }

            return true;
        });

    public Task<ApiKeyRecord?> RevokeApiKeyAsync(
        long userId,
        long id,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
        {
            if (!apiKeys.TryGetValue(id, out var entry) || entry.Key.UserId != userId || entry.Key.Revoked is not null)
            {
                return null;
            }

            apiKeys[id] = (entry.Hash, entry.Key with { Revoked = now.AsStored() });
            return apiKeys[id].Key;
        });

    public int DeleteExpiredSessions(DateTimeOffset now)
    {
        lock (gate)
        {
            return RemoveAll(sessions, entry => entry.Session.Expires <= now);
        }
    }

    private UserRecord? Find(string username) =>
        users.Values.FirstOrDefault(user => Usernames.KeyOf(user.Username) == Usernames.KeyOf(username));

    private UserRecord? Find(ExternalIdentity identity) =>
        users.Values.FirstOrDefault(user => user.External == identity);

    private bool IsLastAdmin(UserRecord user) =>
        user.IsEnabledAdmin && !users.Values.Any(other => other.IsEnabledAdmin && other.Id != user.Id);

    private UserRecord Add(NewUser user)
    {
        var added = new UserRecord
        {
            Id = ++lastId,
            Username = user.Username,
            DisplayName = user.DisplayName,
            Role = user.Role,
            PasswordHash = user.PasswordHash,
            Enabled = user.Enabled,
            Created = user.Created,
            External = user.External,
            Revision = 0,
        };
        users.Add(added.Id, added);
        return added;
    }

    private ApiKeyRecord Add(long userId, NewApiKey key)
    {
        if (apiKeys.Values.Any(entry => entry.Hash == key.KeyHash))
        {
            throw new InvalidOperationException("The key already exists.");
        }

        var added = new ApiKeyRecord
        {
            Id = ++lastId,
            UserId = userId,
            Name = key.Name,
            Beginning = key.Beginning,
            Role = key.Role,
            Created = key.Created,
            Expires = key.Expires,
        };
        apiKeys.Add(added.Id, (key.KeyHash, added));
        return added;
    }

    private SessionRecord WithUser(SessionRecord session) => session with { User = users[session.User.Id] };

    private int EndSessions(long userId, long? exceptId) =>
        RemoveAll(sessions, entry => entry.Session.User.Id == userId && entry.Session.Id != exceptId);

    private static int RemoveAll<T>(SortedDictionary<long, T> rows, Func<T, bool> matches) =>
        rows.Where(row => matches(row.Value)).Select(row => row.Key).ToList().Count(rows.Remove);
}
