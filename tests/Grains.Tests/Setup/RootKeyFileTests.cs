using System.Security.Cryptography;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Sealing;

namespace Orleans.Kms.Grains.Tests.Setup;

public sealed class RootKeyFileTests : IDisposable
{
    private const string Key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private const string OtherKey = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kms-root-");

    private string File => Path.Combine(_folder.FullName, "root.keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void It_is_made_once_with_version_1_and_for_its_owner_only()
    {
        byte[] wrapped;
        using (var made = RootKeyFile.ReadOrCreate(File)) wrapped = made.Wrap(Service(1)).Bytes;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        using var again = RootKeyFile.ReadOrCreate(File);
        Assert.Equal(1, again.NewestVersion);
        Assert.Equal(Service(1), again.Unwrap(new(1, wrapped)));
    }

    [Fact]
    public void A_version_that_is_added_wraps_and_the_others_still_unwrap()
    {
        using var before = RootKeyFile.ReadOrCreate(File);
        var first = before.Wrap(Service(1));
        Assert.Equal(2, RootKeyFile.AddVersion(File));
        using var after = RootKeyFile.Read(File);
        var second = after.Wrap(Service(1));
        Assert.Equal((1, 2, 2), (first.RootKeyVersion, second.RootKeyVersion, after.NewestVersion));
        Assert.NotEqual(first.Bytes, second.Bytes);
        Assert.All(new[] { first, second }, wrapped => Assert.Equal(Service(1), after.Unwrap(wrapped)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Contains("holds no root key 2", Assert.Throws<HsmSetupException>(() => before.Unwrap(second)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_follow_the_newest_one_whatever_is_missing_or_last()
    {
        Write($"7 {Key}\n2 {OtherKey}");
        Assert.Equal(8, RootKeyFile.AddVersion(File));
        Assert.StartsWith($"7 {Key}\n2 {OtherKey}\n8 ", System.IO.File.ReadAllText(File), StringComparison.Ordinal);
    }

    // RFC 5649, computed by OpenSSL (enc -id-aes256-wrap-pad -iv A65959A6).
    [Fact]
    public void Keys_are_wrapped_as_the_standard_says()
    {
        Write($"1 {Key}\n");
        using var keys = RootKeyFile.Read(File);
        Assert.Equal("C3A70A3EF963869127B37526C650918DA87B28EAC0EA702C8DAD2D1F448F0C9CFE9826AED9AA8293", Convert.ToHexString(keys.Wrap(Service(1)).Bytes));
    }

    public static TheoryData<int, byte[]> NotWrappedHere()
    {
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(Key);
        var wrapped = aes.EncryptKeyWrapPadded(Service(1));
        byte[] altered = [.. wrapped];
        altered[5] ^= 1;
        return new()
        {
            { 1, altered }, { 2, wrapped }, { 1, [] }, { 1, wrapped[..39] }, { 1, wrapped[..32] }, { 1, [.. wrapped, 0, 0, 0, 0, 0, 0, 0, 0] },
            { 1, aes.EncryptKeyWrapPadded(new byte[31]) }, { 1, aes.EncryptKeyWrapPadded(new byte[24]) }, { 1, aes.EncryptKeyWrapPadded(new byte[40]) },
        };
    }

    [Theory, MemberData(nameof(NotWrappedHere))]
    public void What_was_not_wrapped_here_does_not_open(int version, byte[] wrapped)
    {
        Write($"1 {Key}\n2 {OtherKey}\n");
        using var keys = RootKeyFile.Read(File);
        Assert.Contains("does not open the database's service key", Assert.Throws<HsmSetupException>(() => keys.Unwrap(new(version, wrapped))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead), InlineData(UnixFileMode.OtherRead), InlineData(UnixFileMode.GroupWrite), InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupExecute), InlineData(UnixFileMode.OtherExecute)]
    public void A_file_that_is_open_to_others_is_refused(UnixFileMode more)
    {
        Write($"1 {Key}\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        AssertRefused("chmod 600", () => RootKeyFile.Read(File), () => RootKeyFile.ReadOrCreate(File), () => RootKeyFile.AddVersion(File));
    }

    [Theory, InlineData(UnixFileMode.UserRead), InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    public void A_file_of_its_owner_alone_is_read(UnixFileMode mode)
    {
        Write($"1 {Key}\n", mode);
        using var keys = RootKeyFile.Read(File);
        Assert.Equal(1, keys.NewestVersion);
    }

    [Fact]
    public void A_missing_file_is_made_by_nobody_who_needs_it()
    {
        AssertRefused("is missing", () => RootKeyFile.Read(File), () => RootKeyFile.AddVersion(File));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void What_is_no_file_of_root_keys_is_refused()
    {
        Write($"1 {Key}\n1 {OtherKey}\n");
        AssertRefused("malformed, line 2 repeats version 1", () => RootKeyFile.Read(File), () => RootKeyFile.AddVersion(File));
        Write(string.Concat(Enumerable.Range(1, 2000).Select(version => $"{version} {Key}\n")));
        AssertRefused("is longer than", () => RootKeyFile.Read(File), () => RootKeyFile.AddVersion(File));
        System.IO.File.Delete(File);
        Directory.CreateDirectory(File);
        AssertRefused("cannot be", () => RootKeyFile.Read(File), () => RootKeyFile.ReadOrCreate(File), () => RootKeyFile.AddVersion(File));
    }

    [Fact]
    public void A_link_to_nowhere_is_not_taken_for_a_file_to_be_made()
    {
        System.IO.File.CreateSymbolicLink(File, Path.Combine(_folder.FullName, "gone"));
        AssertRefused("is missing", () => RootKeyFile.ReadOrCreate(File));
        Assert.Single(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void One_at_a_time_changes_it()
    {
        using (RootKeyFile.ReadOrCreate(File)) { }
        var content = System.IO.File.ReadAllBytes(File);
        using (new FileStream(File + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            AssertRefused("one process at a time", () => RootKeyFile.AddVersion(File));
            Assert.Equal(content, System.IO.File.ReadAllBytes(File));
        }
        Assert.Equal(2, RootKeyFile.AddVersion(File));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_told() =>
        AssertRefused("cannot be written", () => RootKeyFile.ReadOrCreate(Path.Combine(_folder.FullName, "nowhere", "root.keys")));

    private static void AssertRefused(string reason, params Func<object>[] calls) =>
        Assert.All(calls, call => Assert.Contains(reason, Assert.Throws<HsmSetupException>(() => { call(); }).Message, StringComparison.Ordinal));

    private static byte[] Service(byte filler) => [.. Enumerable.Repeat(filler, 32)];

    private void Write(string content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        System.IO.File.WriteAllText(File, content);
        System.IO.File.SetUnixFileMode(File, mode);
    }
}
