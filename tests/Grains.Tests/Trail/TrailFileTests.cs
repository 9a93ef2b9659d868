using Orleans.Kms.Errors;
using Orleans.Kms.Grains.Trail;

namespace Orleans.Kms.Grains.Tests.Trail;

/// <summary>What becomes of the trail's file under a writer that has it open.</summary>
public sealed class TrailFileTests
{
    [Fact]
    public async Task A_file_that_was_removed_refuses_and_one_that_is_back_is_written_again()
    {
        using var home = new SqliteTrail();
        await using var trail = new TestTrail(new TrailDatabase(home.File.DataSource(isPooled: false), home.File.Path));
        await trail.Record(1);
        var away = System.IO.Directory.CreateDirectory(home.File.Path + ".away").FullName;
        Move(Path.GetDirectoryName(home.File.Path)!, away);
        for (var i = 2; i < 4; i++) Assert.Equal(KmsErrorCode.ServiceUnavailable, (await Assert.ThrowsAsync<KmsException>(() => trail.Record(i))).Code);
        Move(away, Path.GetDirectoryName(home.File.Path)!);
        await trail.Record(4);
        Assert.Equal([1, 4], trail.Numbers());
    }

    private static void Move(string from, string to)
    {
        foreach (var file in System.IO.Directory.GetFiles(from)) File.Move(file, Path.Combine(to, Path.GetFileName(file)));
    }
}
