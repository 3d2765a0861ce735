using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Users, sessions and API keys.</summary>
public sealed class AccountTests : StoreContract
{
    private static readonly NewUser Admin = new("admin", "$argon2id$v=19$m=1", "admin", A.FirstInstant);

    [Theory, OnEveryStore]
    public async Task The_first_user_is_stored_and_found_by_name_and_by_key(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;

        Assert.True(await accounts.AddFirstUserAsync(Admin, "hash of the key", Stop));

        var user = Assert.IsType<UserRecord>(await accounts.FindUserAsync("admin", Stop));
        Assert.Equal(
            new UserRecord(user.Id, "admin", Admin.PasswordHash, "admin", Enabled: true, A.FirstInstant),
            user
        );
        Assert.Equal(user, await accounts.FindUserByApiKeyAsync("hash of the key", Stop));
    }

    [Theory, OnEveryStore]
    public async Task Names_and_hashes_match_exactly_or_not_at_all(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await accounts.AddFirstUserAsync(Admin, "key", Stop);

        foreach (var name in (string[])["Admin", "admin ", " admin", "", "admi_", "admin%"])
        {
            Assert.Null(await accounts.FindUserAsync(name, Stop));
        }

        Assert.Null(await accounts.FindUserByApiKeyAsync("KEY", Stop));
        Assert.Null(await accounts.FindUserByApiKeyAsync("key ", Stop));
        Assert.Null(await accounts.FindUserByApiKeyAsync("", Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_user_may_have_no_key(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;

        Assert.True(await accounts.AddFirstUserAsync(Admin, apiKeyHash: null, Stop));

        Assert.NotNull(await accounts.FindUserAsync("admin", Stop));
    }

    [Theory, OnEveryStore]
    public async Task There_is_one_first_user_and_whoever_comes_later_changes_nothing(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await accounts.AddFirstUserAsync(Admin, "key", Stop);

        Assert.False(await accounts.AddFirstUserAsync(Admin with { Username = "mallory" }, "other key", Stop));
        Assert.False(await accounts.AddFirstUserAsync(Admin with { PasswordHash = "other" }, "key", Stop));

        Assert.Null(await accounts.FindUserAsync("mallory", Stop));
        Assert.Null(await accounts.FindUserByApiKeyAsync("other key", Stop));
        Assert.Equal(Admin.PasswordHash, (await accounts.FindUserAsync("admin", Stop))!.PasswordHash);
    }

    [Theory, OnEveryStore]
    public async Task Of_many_who_want_to_be_the_first_user_one_is(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;

        var added = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(number =>
                    Task.Run(
                        () => accounts.AddFirstUserAsync(Admin with { Username = $"u{number}" }, $"k{number}", Stop),
                        Stop
                    )
                )
        );

        var winner = Array.IndexOf(added, true);
        Assert.Single(added, first => first);
        for (var number = 0; number < 20; number++)
        {
            Assert.Equal(number == winner, await accounts.FindUserAsync($"u{number}", Stop) is not null);
            Assert.Equal(number == winner, await accounts.FindUserByApiKeyAsync($"k{number}", Stop) is not null);
        }
    }

    [Theory, OnEveryStore]
    public async Task A_session_tells_its_user_until_it_expires(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var user = await AdminOfAsync(accounts);
        var expires = A.FirstInstant.AddHours(1);
        await accounts.AddSessionAsync(new NewSession("token", user.Id, A.FirstInstant, expires), Stop);

        var lastInstant = expires.AddMicroseconds(-1);
        Assert.Equal(new SessionRecord(user, expires), await accounts.FindSessionAsync("token", A.FirstInstant, Stop));
        Assert.NotNull(await accounts.FindSessionAsync("token", lastInstant, Stop));
        Assert.Null(await accounts.FindSessionAsync("token", expires, Stop));
        Assert.Null(await accounts.FindSessionAsync("Token", A.FirstInstant, Stop));
        Assert.Null(await accounts.FindSessionAsync("token ", A.FirstInstant, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_session_that_was_ended_is_gone_and_no_other(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var user = await AdminOfAsync(accounts);
        foreach (var token in (string[])["one", "two"])
        {
            await accounts.AddSessionAsync(
                new NewSession(token, user.Id, A.FirstInstant, A.FirstInstant.AddHours(1)),
                Stop
            );
        }

        await accounts.DeleteSessionAsync("one", Stop);
        await accounts.DeleteSessionAsync("never was", Stop);

        Assert.Null(await accounts.FindSessionAsync("one", A.FirstInstant, Stop));
        Assert.NotNull(await accounts.FindSessionAsync("two", A.FirstInstant, Stop));
    }

    [Theory, OnEveryStore]
    public async Task A_session_that_cannot_be_opened_changes_nothing(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var user = await AdminOfAsync(accounts);
        var noon = A.FirstInstant.AddHours(12);
        await accounts.AddSessionAsync(new NewSession("taken", user.Id, A.FirstInstant, noon.AddHours(1)), Stop);
        await accounts.AddSessionAsync(new NewSession("old", user.Id, A.FirstInstant, noon), Stop);

        await Assert.ThrowsAnyAsync<Exception>(() =>
            accounts.AddSessionAsync(new NewSession("taken", user.Id, noon, noon.AddHours(9)), Stop)
        );
        await Assert.ThrowsAnyAsync<Exception>(() =>
            accounts.AddSessionAsync(new NewSession("stray", user.Id + 1000, noon, noon.AddHours(9)), Stop)
        );

        Assert.Equal(noon.AddHours(1), (await accounts.FindSessionAsync("taken", noon, Stop))!.Expires);
        Assert.NotNull(await accounts.FindSessionAsync("old", A.FirstInstant, Stop));
        Assert.Null(await accounts.FindSessionAsync("stray", noon, Stop));
    }

    private static async Task<UserRecord> AdminOfAsync(IAccountStore accounts)
    {
        await accounts.AddFirstUserAsync(Admin, apiKeyHash: null, Stop);
        return (await accounts.FindUserAsync("admin", Stop))!;
    }
}
