namespace GopherFlow.Storage.InMemory;

/// <summary>Users, sessions and keys in memory.</summary>
internal sealed class InMemoryAccounts : IAccountStore
{
    private readonly Lock gate = new();
    private readonly List<UserRecord> users = [];
    private readonly Dictionary<string, long> apiKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, NewSession> sessions = new(StringComparer.Ordinal);

    public Task<bool> AddFirstUserAsync(NewUser user, string? apiKeyHash, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (users.Count > 0)
            {
                return false;
            }

            users.Add(new UserRecord(1, user.Username, user.PasswordHash, user.Role, Enabled: true, user.Created));
            if (apiKeyHash is not null)
            {
                apiKeys.Add(apiKeyHash, 1);
            }

            return true;
        });

    public Task<UserRecord?> FindUserAsync(string username, CancellationToken cancellation) =>
        gate.Locked(() => users.Find(user => user.Username == username));

    public Task<UserRecord?> FindUserByApiKeyAsync(string apiKeyHash, CancellationToken cancellation) =>
        gate.Locked(() => apiKeys.TryGetValue(apiKeyHash, out var id) ? users.Find(user => user.Id == id) : null);

    public Task<SessionRecord?> FindSessionAsync(
        string tokenHash,
        DateTimeOffset now,
        CancellationToken cancellation
    ) =>
        gate.Locked(() =>
            sessions.TryGetValue(tokenHash, out var session) && session.Expires > now
                ? new SessionRecord(users.Find(user => user.Id == session.UserId)!, session.Expires)
                : null
        );

    public Task AddSessionAsync(NewSession session, CancellationToken cancellation) =>
        gate.Locked(() =>
        {
            if (sessions.ContainsKey(session.TokenHash) || !users.Exists(user => user.Id == session.UserId))
            {
                throw new InvalidOperationException("The session exists already, or its user does not exist.");
            }

            sessions.Add(session.TokenHash, session);
            return true;
        });

    public int DeleteExpiredSessions(DateTimeOffset now)
    {
        lock (gate)
        {
            var expired = sessions.Where(session => session.Value.Expires <= now).Select(session => session.Key);
            return expired.ToList().Count(sessions.Remove);
        }
    }

    public Task DeleteSessionAsync(string tokenHash, CancellationToken cancellation) =>
        gate.Locked(() => sessions.Remove(tokenHash));
}
