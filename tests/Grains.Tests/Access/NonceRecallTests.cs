using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Kms.Access;
using Orleans.Kms.Errors;

namespace Orleans.Kms.Grains.Tests.Access;

/// <summary>Which requests are let in after the process has started again.</summary>
public sealed class NonceRecallTests : IDisposable
{
    private const string Id = "LTAI0000000000000000";
    private readonly DirectoryInfo _root = System.IO.Directory.CreateTempSubdirectory("kms-recall-");
    private string _secret = "";

    public void Dispose() => _root.Delete(recursive: true);

    // The first one, too: clients sign before they send.
    [Fact]
    public async Task Without_the_trail_requests_are_taken_that_were_signed_since_the_process_started()
    {
        SignedRequest first;
        await using (var kms = await Start(hasTrail: false))
        {
            _secret = await kms.IssueAccessKey(Id);
            first = Request(kms);
            kms.Clock.Advance(TimeSpan.FromSeconds(2));
            await Call(kms, first);
            await Refused(KmsErrorCode.NonceUsed, kms, first);
        }
        await using var again = await Start(hasTrail: false, TimeSpan.FromMinutes(1));
        await Refused(KmsErrorCode.TimestampExpired, again, first);
        await Call(again, Request(again));
    }

    [Fact]
    public async Task What_was_let_in_while_the_trail_was_off_is_refused_when_it_is_on_again()
    {
        SignedRequest recorded, unrecorded;
        await using (var kms = await Start())
        {
            _secret = await kms.IssueAccessKey(Id);
            await Call(kms, recorded = Request(kms));
        }
        for (var minutes = 1; minutes <= 2; minutes++)
        {
            await using var off = await Start(hasTrail: false, TimeSpan.FromMinutes(minutes));
            await Call(off, Request(off));
        }
        await using (var off = await Start(hasTrail: false, TimeSpan.FromMinutes(3))) await Call(off, unrecorded = Request(off));
        await using (var on = await Start(after: TimeSpan.FromMinutes(4)))
        {
            await Refused(KmsErrorCode.TimestampExpired, on, recorded);
            await Refused(KmsErrorCode.TimestampExpired, on, unrecorded);
            await Call(on, unrecorded = Request(on));
        }
        await using var later = await Start(after: TimeSpan.FromMinutes(5));
        await Refused(KmsErrorCode.NonceUsed, later, unrecorded);
        await Call(later, Request(later));
    }

    [Fact]
    public async Task A_clock_that_was_put_back_to_before_the_trail_began_refuses_nobody_who_signs_now_and_lets_nothing_in_twice()
    {
        SignedRequest once;
        await using (var kms = await Start(after: TimeSpan.FromHours(2)))
        {
            _secret = await kms.IssueAccessKey(Id);
            await Call(kms, Request(kms));
        }
        await using (var back = await Start())
        {
            await Call(back, once = Request(back));
            back.Clock.Advance(TimeSpan.FromMinutes(10));
            await Call(back, Request(back));
        }
        await using var again = await Start(after: TimeSpan.FromMinutes(11));
        Assert.NotNull(await Record.ExceptionAsync(() => Call(again, once)));
        await Call(again, Request(again));
    }

    private Task<TestKms> Start(bool hasTrail = true, TimeSpan after = default)
    {
        var options = new KmsOptions { RootKeyFile = Path.Combine(_root.FullName, "root.keys"), Trail = { Enabled = hasTrail } };
        return TestKms.Start(null!, Path.Combine(_root.FullName, "data"), silo => silo.Services.AddSingleton(Options.Create(options)), clock => clock.Advance(after), options.RootKeyFile, new());
    }

    private static async Task Call(TestKms kms, SignedRequest request)
    {
        RequestContext.Clear();
        (await kms.Grains.GetGrain<IAccessKeyGrain>(Id).Authenticate(request)).Token.Attach();
        await kms.Directory().DescribeStatus();
    }

    private static async Task Refused(KmsErrorCode code, TestKms kms, SignedRequest request) => Assert.Equal(code, (await Assert.ThrowsAsync<KmsException>(() => Call(kms, request))).Code);

    private SignedRequest Request(TestKms kms)
    {
        var text = Encoding.UTF8.GetBytes("GET&%2F&Action%3DDescribeAccountKmsStatus");
        var signature = HMACSHA256.HashData(Encoding.ASCII.GetBytes(_secret), text);
        return new(SignatureMethod.Acs3HmacSha256, text, signature, kms.Clock.GetUtcNow(), Guid.NewGuid().ToString(), new("id", "127.0.0.1", "test", "localhost", false));
    }
}
