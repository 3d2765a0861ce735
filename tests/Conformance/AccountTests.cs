using GopherFlow.Conformance.Setting;

namespace GopherFlow.Conformance;

/// <summary>Users: finding and changing them, and keeping the last admin.</summary>
public sealed class AccountTests : StoreContract
{
    private static readonly NewUser Admin = new("admin", "$argon2id$v=19$m=1", "admin", A.FirstInstant);
    private static readonly ExternalIdentity Identity = new("https://id.example", "0815");

    [Theory, OnEveryStore]
    public async Task The_first_user_is_stored_and_found_by_name_and_key(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var key = new NewApiKey("first", "hash of the key", "", "admin", A.FirstInstant);

        Assert.True(await accounts.AddFirstUserAsync(Admin, key, Stop));

        var user = Assert.IsType<UserRecord>(await accounts.FindUserAsync("admin", Stop));
        Assert.Equal(
            new UserRecord
            {
                Id = user.Id,
                Username = "admin",
                Role = "admin",
                PasswordHash = Admin.PasswordHash,
                Enabled = true,
                Created = A.FirstInstant,
                Revision = 0,
            },
            user
        );
        Assert.Equal(user, await accounts.FindUserAsync(user.Id, Stop));
        Assert.Null(await accounts.FindUserAsync(user.Id + 1000, Stop));
        Assert.Equal(user, (await accounts.FindApiKeyAsync("hash of the key", A.FirstInstant, Stop))!.User);
    }

    [Theory, OnEveryStore]
    public async Task Names_are_case_insensitive_but_otherwise_exact(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await accounts.AddFirstUserAsync(Admin with { Username = "Änne" }, key: null, Stop);

        Assert.Equal("Änne", (await accounts.FindUserAsync("äNNE", Stop))!.Username);
        foreach (var name in (string[])["Anne", "Änne ", " Änne", "", "Änn_", "Änne%", "Änne\0", "\ud800"])
        {
            Assert.Null(await accounts.FindUserAsync(name, Stop));
        }

        Assert.Null(await accounts.AddUserAsync(Admin with { Username = "änne" }, Stop));
        Assert.NotNull(await accounts.AddUserAsync(Admin with { Username = "Anne" }, Stop));
    }

    [Fact]
    public void Ambiguous_names_are_rejected()
    {
        string[] bad = ["", "job:7", "a b", "a\n", "a\u200b", "\u202eann", "-a", ".", "a\u0301", new('a', 101)];
        foreach (var name in bad)
        {
            Assert.False(Usernames.IsValid(name));
            Assert.Throws<ArgumentException>(() => Admin with { Username = name });
            Assert.Throws<ArgumentException>(() => new NewUser(name, null, "viewer", A.FirstInstant));
        }

        Assert.Throws<ArgumentException>(() => Admin with { Role = "owner" });
        Assert.Throws<ArgumentException>(() => Admin with { External = new ExternalIdentity("", "x") });
        Assert.All(
            ["a", "o.o-o_o@example.org", "7", new string('ü', 100)],
            name => Assert.True(Usernames.IsValid(name))
        );
    }

    [Theory, OnEveryStore]
    public async Task There_is_one_first_user_and_later_attempts_change_nothing(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var key = new NewApiKey("first", "key", "", "admin", A.FirstInstant);
        await accounts.AddFirstUserAsync(Admin, key, Stop);

        Assert.False(
            await accounts.AddFirstUserAsync(
                Admin with
                {
                    Username = "mallory",
                },
                key with
                {
                    KeyHash = "other key",
                },
                Stop
            )
        );
        Assert.False(await accounts.AddFirstUserAsync(Admin with { PasswordHash = "other" }, key, Stop));

        Assert.Null(await accounts.FindUserAsync("mallory", Stop));
        Assert.Null(await accounts.FindApiKeyAsync("other key", A.FirstInstant, Stop));
        Assert.Equal(Admin.PasswordHash, (await accounts.FindUserAsync("admin", Stop))!.PasswordHash);
    }

    [Theory, OnEveryStore]
    public async Task Only_one_of_many_concurrent_first_users_is_stored(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;

        var added = await AtOnceAsync(
            20,
            number => accounts.AddFirstUserAsync(Admin with { Username = $"u{number}" }, key: null, Stop)
        );

        var winner = Array.IndexOf(added, true);
        Assert.Single(added, first => first);
        Assert.Equal($"u{winner}", Assert.Single(await accounts.UsersAsync(new UserSearch(100), Stop)).Username);
    }

    [Theory, OnEveryStore]
    public async Task A_user_with_all_fields_is_stored_and_found_by_external_identity(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await accounts.AddFirstUserAsync(Admin, key: null, Stop);
        var given = new NewUser("vera", null, "viewer", A.FirstInstant)
        {
            DisplayName = "Vera 🦫 Müller",
            Enabled = false,
            External = Identity,
        };

        var vera = (await accounts.AddUserAsync(given, Stop))!;

        Assert.Equal(
            (null, "Vera 🦫 Müller", false, Identity),
            (vera.PasswordHash, vera.DisplayName, vera.Enabled, vera.External)
        );
        Assert.Equal(vera, await accounts.FindUserAsync(Identity, Stop));
        Assert.Null(await accounts.FindUserAsync(Identity with { Issuer = "https://id.example/" }, Stop));
        Assert.Null(await accounts.FindUserAsync(Identity with { Subject = "0815 " }, Stop));
        Assert.Null(await accounts.AddUserAsync(given with { Username = "other" }, Stop));
        Assert.NotNull(await accounts.AddUserAsync(given with { Username = "other", External = null }, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Users_are_listed_by_pages(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        string[] names = ["admin", "cleo", "bob"];
        foreach (var name in names)
        {
            await accounts.AddUserAsync(Admin with { Username = name }, Stop);
        }

        var first = await accounts.UsersAsync(new UserSearch(2), Stop);
        var rest = await accounts.UsersAsync(new UserSearch(2, first[^1].Id), Stop);

        Assert.Equal(names, first.Concat(rest).Select(user => user.Username));
    }

    [Theory, OnEveryStore]
    public async Task A_change_affects_only_the_given_fields(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        var ann = (await accounts.AddUserAsync(Admin with { Username = "ann", DisplayName = "Ann" }, Stop))!;
        var bob = (await accounts.AddUserAsync(Admin with { Username = "bob" }, Stop))!;

        var changed = await accounts.ChangeUserAsync(ann.Id, new UserChange { Role = "operator" }, Stop);
        var after = ann with { Role = "operator", Revision = 1 };
        Assert.Equal(new UserChangeResult(UserVerdict.Done, ann, after), changed);
        var rest = new UserChange
        {
            Enabled = false,
            PasswordHash = "new",
            DisplayName = "",
            Revision = 1,
        };
        await accounts.ChangeUserAsync(ann.Id, rest, Stop);

        var expected = after with { Enabled = false, PasswordHash = "new", DisplayName = null, Revision = 2 };
        Assert.Equal(expected, await accounts.FindUserAsync(ann.Id, Stop));
        Assert.Equal(bob, await accounts.FindUserAsync(bob.Id, Stop));
        Assert.Equal(UserVerdict.NotFound, (await accounts.ChangeUserAsync(bob.Id + 1000, rest, Stop)).Verdict);
        Assert.Equal(
            new UserChangeResult(UserVerdict.Outdated, expected),
            await accounts.ChangeUserAsync(ann.Id, rest, Stop)
        );
        Assert.Equal(expected, await accounts.FindUserAsync(ann.Id, Stop));
    }

    [Theory, OnEveryStore]
    public async Task Deleting_a_user_removes_sessions_and_keys_and_frees_the_name(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await accounts.AddFirstUserAsync(Admin, key: null, Stop);
        var ann = (await accounts.AddUserAsync(Admin with { Username = "ann" }, Stop))!;
        await accounts.AddSessionAsync(new NewSession("t", ann, A.FirstInstant, A.FirstInstant.AddHours(1)), Stop);
        await accounts.AddApiKeyAsync(ann.Id, new NewApiKey("ci", "k", "", "admin", A.FirstInstant), Stop);

        Assert.Equal(UserVerdict.Done, (await accounts.DeleteUserAsync(ann.Id, Stop)).Verdict);

        Assert.Equal(UserVerdict.NotFound, (await accounts.DeleteUserAsync(ann.Id, Stop)).Verdict);
        Assert.Null(await accounts.FindUserAsync("ann", Stop));
        Assert.Null(await accounts.FindSessionAsync("t", A.FirstInstant, Stop));
        Assert.Null(await accounts.FindApiKeyAsync("k", A.FirstInstant, Stop));
        Assert.NotEqual(ann.Id, (await accounts.AddUserAsync(Admin with { Username = "ann" }, Stop))!.Id);
    }

    [Theory, OnEveryStore]
    public async Task The_last_enabled_admin_cannot_be_removed(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;
        await accounts.AddFirstUserAsync(Admin, key: null, Stop);
        await accounts.AddUserAsync(Admin with { Username = "off", Enabled = false }, Stop);
        await accounts.AddUserAsync(Admin with { Username = "otto", Role = "operator" }, Stop);
        var admin = (await accounts.FindUserAsync("admin", Stop))!;
        var refused = new UserChangeResult(UserVerdict.LastAdmin, admin);

        Assert.Equal(refused, await accounts.DeleteUserAsync(admin.Id, Stop));
        Assert.Equal(refused, await accounts.ChangeUserAsync(admin.Id, new UserChange { Enabled = false }, Stop));
        Assert.Equal(refused, await accounts.ChangeUserAsync(admin.Id, new UserChange { Role = "operator" }, Stop));
        Assert.Equal(admin, await accounts.FindUserAsync("admin", Stop));

        var harmless = new UserChange
        {
            Role = "admin",
            Enabled = true,
            PasswordHash = "new",
        };
        Assert.Equal(UserVerdict.Done, (await accounts.ChangeUserAsync(admin.Id, harmless, Stop)).Verdict);
        await accounts.AddUserAsync(Admin with { Username = "second" }, Stop);
        Assert.Equal(UserVerdict.Done, (await accounts.DeleteUserAsync(admin.Id, Stop)).Verdict);
    }

    [Theory, OnEveryStore]
    public async Task When_admins_remove_each_other_concurrently_one_stays(StoreKind kind)
    {
        var scene = await OpenAsync(kind);
        var accounts = scene.Accounts;
        for (var round = 0; round < 5; round++)
        {
            var admins = new List<UserRecord>();
            for (var number = 0; number < 6; number++)
            {
                admins.Add((await accounts.AddUserAsync(Admin with { Username = $"r{round}u{number}" }, Stop))!);
            }

            foreach (var older in await accounts.UsersAsync(new UserSearch(100), Stop))
            {
                _ = older.Id < admins[0].Id ? await accounts.DeleteUserAsync(older.Id, Stop) : null;
            }

            var results = await AtOnceAsync(
                6,
                number =>
                    (number % 3) switch
                    {
                        0 => accounts.DeleteUserAsync(admins[number].Id, Stop),
                        1 => accounts.ChangeUserAsync(admins[number].Id, new UserChange { Role = "viewer" }, Stop),
                        _ => accounts.ChangeUserAsync(admins[number].Id, new UserChange { Enabled = false }, Stop),
                    }
            );

            Assert.Equal(5, results.Count(result => result.Verdict == UserVerdict.Done));
            var left = await accounts.UsersAsync(new UserSearch(100), Stop);
            Assert.Single(left, user => user is { Enabled: true, Role: "admin" });
        }
    }

    [Theory, OnEveryStore]
    public async Task Only_one_of_many_concurrent_users_gets_a_name(StoreKind kind)
    {
        var accounts = (await OpenAsync(kind)).Accounts;

        var added = await AtOnceAsync(
            10,
            number =>
                accounts.AddUserAsync(
                    Admin with
                    {
                        Username = number % 2 == 0 ? "ann" : $"ANN{number}",
                        External = number % 2 == 0 ? null : Identity,
                    },
                    Stop
                )
        );

        Assert.Equal(2, added.Count(user => user is not null));
    }

    private static Task<T[]> AtOnceAsync<T>(int count, Func<int, Task<T>> act) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(number => Task.Run(() => act(number), Stop)));
}
