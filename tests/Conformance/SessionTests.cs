using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Sessions and API keys.</summary>
public sealed class SessionTests : StoreContract
{
    private static readonly DateTimeOffset Noon = A.FirstInstant;
    private static readonly NewUser Ann = new("ann", "hash", "admin", Noon);
    private static readonly NewApiKey Key = new("ci", "key", "gflow_ab12", "operator", Noon);

    [Theory, OnEveryStore]
    public async Task A_session_returns_its_user_until_it_expires(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var user = await UserAsync(accounts, "ann");
        var expires = Noon.AddHours(1);
        var given = new NewSession("token", user, Noon, expires)
        {
            Address = "2001:db8::1%eth0",
            UserAgent = "Fox 🦊 9",
        };

        Assert.True(await accounts.AddSessionAsync(given, Stop));

        var session = (await accounts.FindSessionAsync("token", Noon, Stop))!;
        var expected = new SessionRecord
        {
            Id = session.Id,
            User = user with { LastSignIn = Noon },
            Created = Noon,
            Expires = expires,
            LastUsed = Noon,
            Address = "2001:db8::1%eth0",
            UserAgent = "Fox 🦊 9",
        };
        Assert.Equal(expected, session);
        Assert.NotNull(await accounts.FindSessionAsync("token", expires.AddMicroseconds(-1), Stop));
        Assert.Null(await accounts.FindSessionAsync("token", expires, Stop));
        Assert.Null(await accounts.FindSessionAsync("Token", Noon, Stop));
        Assert.Null(await accounts.FindSessionAsync("token ", Noon, Stop));
    }

    [Theory, OnEveryStore]
    public async Task The_user_agent_is_truncated_and_sanitized(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var user = await UserAsync(accounts, "ann");
        var agent = new string('x', 199) + "🦊";
        await accounts.AddSessionAsync(Session("long", user) with { UserAgent = agent }, Stop);
        await accounts.AddSessionAsync(Session("odd", user) with { UserAgent = "a\0b\ud800c" }, Stop);

        var agents = (await accounts.SessionsAsync(user.Id, Noon, Stop)).Select(session => session.UserAgent);
        Assert.Equal(["a\ufffdb\ufffdc", new string('x', 199)], agents);
    }

    [Theory, OnEveryStore]
    public async Task A_rejected_session_changes_nothing(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var user = await UserAsync(accounts, "ann");
        await accounts.AddSessionAsync(Session("taken", user), Stop);

        await Assert.ThrowsAnyAsync<Exception>(() =>
            accounts.AddSessionAsync(new NewSession("taken", user, Noon.AddHours(1), Noon.AddHours(9)), Stop)
        );
        Assert.False(await accounts.AddSessionAsync(Session("stray", user with { Id = user.Id + 1000 }), Stop));

        Assert.Equal(Noon.AddHours(1), (await accounts.FindSessionAsync("taken", Noon, Stop))!.Expires);
        Assert.Equal(Noon, (await accounts.FindUserAsync("ann", Stop))!.LastSignIn);
        Assert.Null(await accounts.FindSessionAsync("stray", Noon, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_user_changed_since_the_password_check_gets_no_session(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await UserAsync(accounts, "bob");
        var ann = await UserAsync(accounts, "ann");

        await accounts.ChangeUserAsync(ann.Id, new UserChange { PasswordHash = "new" }, Stop);
        Assert.False(await accounts.AddSessionAsync(Session("old password", ann), Stop));
        await accounts.ChangeUserAsync(ann.Id, new UserChange { Enabled = false }, Stop);
        ann = (await accounts.FindUserAsync("ann", Stop))!;
        Assert.False(await accounts.AddSessionAsync(Session("disabled", ann), Stop));

        await accounts.ChangeUserAsync(ann.Id, new UserChange { Enabled = true }, Stop);
        Assert.True(
            await accounts.AddSessionAsync(Session("good", (await accounts.FindUserAsync("ann", Stop))!), Stop)
        );
    }

    [Theory, OnEveryStore]
    public async Task Sessions_are_listed_and_ended_one_by_one_or_together(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var ann = await UserAsync(accounts, "ann");
        var bob = await UserAsync(accounts, "bob");
        foreach (var token in (string[])["one", "two", "three", "four"])
        {
            await accounts.AddSessionAsync(Session(token, ann), Stop);
        }

        await accounts.AddSessionAsync(Session("of bob", bob), Stop);
        await accounts.AddSessionAsync(new NewSession("over", ann, Noon.AddHours(-2), Noon), Stop);
        var sessions = await accounts.SessionsAsync(ann.Id, Noon, Stop);
        Assert.Equal(4, sessions.Count);
        Assert.All(sessions, session => Assert.Equal("ann", session.User.Username));
        Assert.Equal((await accounts.FindSessionAsync("four", Noon, Stop))!.Id, sessions[0].Id);

        await accounts.DeleteSessionAsync("four", Stop);
        await accounts.DeleteSessionAsync("never was", Stop);
        Assert.False(await accounts.DeleteSessionAsync(bob.Id, sessions[1].Id, Stop));
        Assert.True(await accounts.DeleteSessionAsync(ann.Id, sessions[1].Id, Stop));
        Assert.False(await accounts.DeleteSessionAsync(ann.Id, sessions[1].Id, Stop));
        Assert.Equal(sessions.Skip(2), await accounts.SessionsAsync(ann.Id, Noon, Stop));

        Assert.Equal(2, await accounts.DeleteSessionsAsync(ann.Id, sessions[3].Id, Stop));
        Assert.NotNull(await accounts.FindSessionAsync("one", Noon, Stop));
        Assert.Equal(1, await accounts.DeleteSessionsAsync(ann.Id, exceptId: null, Stop));
        Assert.NotNull(await accounts.FindSessionAsync("of bob", Noon, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_new_password_ends_all_sessions_but_one_and_a_disabled_user_has_none(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await UserAsync(accounts, "bob");
        var ann = await UserAsync(accounts, "ann");
        foreach (var token in (string[])["one", "two", "three"])
        {
            await accounts.AddSessionAsync(Session(token, ann), Stop);
        }

        var kept = (await accounts.FindSessionAsync("two", Noon, Stop))!.Id;
        await accounts.ChangeUserAsync(ann.Id, new UserChange { Role = "viewer", DisplayName = "Ann" }, Stop);
        Assert.Equal(3, (await accounts.SessionsAsync(ann.Id, Noon, Stop)).Count);
        await accounts.ChangeUserAsync(ann.Id, new UserChange { PasswordHash = "new", KeptSessionId = kept }, Stop);
        Assert.Equal(kept, Assert.Single(await accounts.SessionsAsync(ann.Id, Noon, Stop)).Id);

        await accounts.ChangeUserAsync(ann.Id, new UserChange { Enabled = false, KeptSessionId = kept }, Stop);
        await accounts.ChangeUserAsync(ann.Id, new UserChange { Enabled = true }, Stop);
        Assert.Null(await accounts.FindSessionAsync("two", Noon, Stop));
    }

    [Theory, OnEveryStore]
    public async Task An_API_key_is_stored_found_and_listed(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var ann = await UserAsync(accounts, "ann");
        var bob = await UserAsync(accounts, "bob");

        var forEver = (await accounts.AddApiKeyAsync(ann.Id, Key, Stop))!;
        var expires = Noon.AddDays(1);
        var brief = (await accounts.AddApiKeyAsync(ann.Id, Key with { KeyHash = "brief", Expires = expires }, Stop))!;

        var expected = new ApiKeyRecord
        {
            Id = forEver.Id,
            UserId = ann.Id,
            Name = "ci",
            Beginning = "gflow_ab12",
            Role = "operator",
            Created = Noon,
        };
        Assert.Equal(expected, forEver);
        Assert.Equal(expected with { Id = brief.Id, Expires = expires }, brief);
        Assert.Equal([brief, forEver], await accounts.ApiKeysAsync(ann.Id, Stop));
        Assert.Empty(await accounts.ApiKeysAsync(bob.Id, Stop));
        Assert.Equal(new ApiKeyOwner(forEver, ann), await accounts.FindApiKeyAsync("key", Noon.AddYears(9), Stop));
        Assert.NotNull(await accounts.FindApiKeyAsync("brief", expires.AddMicroseconds(-1), Stop));
        Assert.Null(await accounts.FindApiKeyAsync("brief", expires, Stop));
        foreach (var other in (string[])["KEY", "key ", "", "ke_"])
        {
            Assert.Null(await accounts.FindApiKeyAsync(other, Noon, Stop));
        }

        Assert.Null(await accounts.AddApiKeyAsync(ann.Id + 1000, Key with { KeyHash = "stray" }, Stop));
        Assert.Null(await accounts.FindApiKeyAsync("stray", Noon, Stop));
        await Assert.ThrowsAnyAsync<Exception>(() => accounts.AddApiKeyAsync(bob.Id, Key, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_revoked_key_is_rejected_but_stays_in_the_list(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var ann = await UserAsync(accounts, "ann");
        var bob = await UserAsync(accounts, "bob");
        var key = (await accounts.AddApiKeyAsync(ann.Id, Key, Stop))!;

        Assert.Null(await accounts.RevokeApiKeyAsync(bob.Id, key.Id, Noon, Stop));
        Assert.NotNull(await accounts.FindApiKeyAsync("key", Noon, Stop));
        var revoked = key with { Revoked = Noon.AddHours(1) };
        Assert.Equal(revoked, await accounts.RevokeApiKeyAsync(ann.Id, key.Id, Noon.AddHours(1), Stop));
        Assert.Null(await accounts.RevokeApiKeyAsync(ann.Id, key.Id, Noon.AddHours(2), Stop));

        Assert.Null(await accounts.FindApiKeyAsync("key", Noon, Stop));
        Assert.Equal([revoked], await accounts.ApiKeysAsync(ann.Id, Stop));
    }

    [Theory, OnEveryStore]
    public async Task The_use_of_a_key_or_session_is_recorded_once_a_minute(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var ann = await UserAsync(accounts, "ann");
        var key = (await accounts.AddApiKeyAsync(ann.Id, Key, Stop))!;
        await accounts.AddSessionAsync(Session("token", ann), Stop);
        var session = (await accounts.FindSessionAsync("token", Noon, Stop))!.Id;

        foreach (var (seconds, noted) in ((int, int)[])[(70, 70), (129, 70), (130, 130), (100, 130)])
        {
            await accounts.NoteApiKeyUseAsync(key.Id, Noon.AddSeconds(seconds), Stop);
            await accounts.NoteSessionUseAsync(session, Noon.AddSeconds(seconds), Stop);
            Assert.Equal(Noon.AddSeconds(noted), (await accounts.FindApiKeyAsync("key", Noon, Stop))!.Key.LastUsed);
            Assert.Equal(Noon.AddSeconds(noted), (await accounts.FindSessionAsync("token", Noon, Stop))!.LastUsed);
        }

        await accounts.NoteApiKeyUseAsync(key.Id + 1000, Noon, Stop);
        await accounts.NoteSessionUseAsync(session + 1000, Noon, Stop);
    }

    private static NewSession Session(string token, UserRecord user) => new(token, user, Noon, Noon.AddHours(1));

    private static async Task<UserRecord> UserAsync(IAccountStore accounts, string name) =>
        (await accounts.AddUserAsync(Ann with { Username = name }, Stop))!;
}
