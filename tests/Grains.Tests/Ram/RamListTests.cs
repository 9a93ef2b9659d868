using Orleans.Kms.Ram;

namespace Orleans.Kms.Grains.Tests.Ram;

/// <summary>Lists of more than a page.</summary>
public sealed class RamListTests(RamFixture fixture) : IClassFixture<RamFixture>
{
    [Fact]
    public async Task Two_hundred_and_fifty_users_come_in_three_pages_in_order_of_name()
    {
        var ram = await fixture.NewAccount();
        var names = Enumerable.Range(0, 250).Select(i => (i % 2 == 0 ? "user" : "USER") + $"-{i:D3}").ToArray();
        await Task.WhenAll(names.Reverse().Select(ram.User));
        var pages = await Pages(async page => Of(await ram.Users.ListUsers(page), users => (users.Users, users.Marker)), 100);
        Assert.Equal([100, 100, 50], pages.Select(page => page.Length));
        Assert.Equal(names, pages.SelectMany(page => page).Select(user => user.UserName));
        Assert.Equal([250], (await Pages(async page => Of(await ram.Users.ListUsers(page), users => (users.Users, users.Marker)), 250)).Select(page => page.Length));
    }

    [Fact]
    public async Task Every_list_goes_on_where_its_page_ended()
    {
        var ram = await fixture.NewAccount();
        string[] names = ["a", "B", "c", "D", "e"];
        await ram.Group("members");
        foreach (var name in names)
        {
            await ram.User(name);
            await ram.Groups.AddUserToGroup(name, "members");
            await ram.Role(name);
            await ram.Policy(name);
            await ram.Group(name);
        }
        Assert.Equal(names, (await Pages(async page => Of(await ram.Users.ListUsers(page), p => (p.Users, p.Marker)), 2)).SelectMany(page => page).Select(user => user.UserName));
        Assert.Equal(names, (await Pages(async page => Of(await ram.Roles.ListRoles(page), p => (p.Roles, p.Marker)), 2)).SelectMany(page => page).Select(role => role.RoleName));
        Assert.Equal([.. names, "members"], (await Pages(async page => Of(await ram.Groups.ListGroups(page), p => (p.Groups, p.Marker)), 2)).SelectMany(page => page).Select(group => group.GroupName));
        Assert.Equal(names, (await Pages(async page => Of(await ram.Policies.ListPolicies(PolicyType.Custom, page), p => (p.Policies, p.Marker)), 2)).SelectMany(page => page).Select(policy => policy.PolicyName));
        Assert.Equal(names, (await Pages(async page => Of(await ram.Groups.ListUsersForGroup("members", page), p => (p.Members, p.Marker)), 2)).SelectMany(page => page).Select(member => member.User.UserName));
    }

    [Fact]
    public async Task A_page_goes_on_although_its_last_entry_is_gone()
    {
        var ram = await fixture.NewAccount();
        foreach (var name in new[] { "a", "b", "c" }) await ram.User(name);
        var first = await ram.Users.ListUsers(new(null, 2));
        await ram.Users.DeleteUser("b");
        Assert.Equal(["c"], (await ram.Users.ListUsers(new(first.Marker, 2))).Users.Select(user => user.UserName));
    }

    [Fact]
    public async Task Every_list_refuses_a_marker_that_none_gave()
    {
        var ram = await fixture.NewAccount();
        await ram.Group("g");
        var page = new MarkerRequest("no marker!", 10);
        foreach (var list in new Func<Task>[]
        {
            () => ram.Users.ListUsers(page), () => ram.Roles.ListRoles(page), () => ram.Groups.ListGroups(page), () => ram.Policies.ListPolicies(null, page), () => ram.Groups.ListUsersForGroup("g", page),
        }) Assert.Equal("InvalidParameter.Marker", await RamAccount.Code(list));
    }

    [Fact]
    public async Task An_account_without_anything_has_empty_lists()
    {
        var ram = await fixture.NewAccount();
        Assert.Equal((0, null), Of(await ram.Users.ListUsers(new(null, 1)), page => (page.Users.Length, page.Marker)));
        Assert.Equal((0, null), Of(await ram.Policies.ListPolicies(PolicyType.Custom, new(null, 1)), page => (page.Policies.Length, page.Marker)));
    }

    private static async Task<List<T[]>> Pages<T>(Func<MarkerRequest, Task<(T[] Entries, string? Marker)>> list, int maxItems)
    {
        var pages = new List<T[]>();
        string? marker = null;
        do
        {
            (var entries, marker) = await list(new(marker, maxItems));
            pages.Add(entries);
        }
        while (marker is not null);
        return pages;
    }

    private static TResult Of<T, TResult>(T value, Func<T, TResult> part) => part(value);
}
