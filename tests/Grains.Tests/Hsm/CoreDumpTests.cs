using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Net.Pkcs11Interop.Common;
using Orleans.Kms.Grains.Envelope;
using Orleans.Kms.Grains.Hsm;
using Orleans.Kms.Grains.Keys;
using Orleans.Kms.Grains.Sealing;
using Orleans.Kms.Keys;
using Orleans.Storage;
using static Orleans.Kms.Grains.Hsm.KeyTemplate;

namespace Orleans.Kms.Grains.Tests.Hsm;

/// <summary>
/// A core dump of the silo's process, taken while keys are in use, is searched for material that the service made. What to search for is learnt afterwards: that of level HSM
/// from the token, as somebody could who has its PIN and the database.
/// </summary>
[Collection(TokenTests.Name)]
public sealed class CoreDumpTests(TokenFixture token)
{
    private static readonly byte[] Plaintext = Encoding.UTF8.GetBytes("SGVsbG8gK1dvcmxkLw==");

    [Fact]
    public async Task Generated_material_of_level_hsm_is_not_in_a_core_dump()
    {
        await using var kms = await TestKms.Start(token, token.NewFolder());
        var software = await Use(ProtectionLevel.Software);
        var hsm = await Use(ProtectionLevel.Hsm);
        var core = Path.Combine(token.NewFolder(), "core");
        using (var dump = Process.Start(new ProcessStartInfo("gcore", ["-o", core, $"{Environment.ProcessId}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!)
        {
            _ = dump.StandardOutput.ReadToEndAsync();
            _ = dump.StandardError.ReadToEndAsync();
            await dump.WaitForExitAsync();
            Assert.Equal(0, dump.ExitCode);
        }
        core = $"{core}.{Environment.ProcessId}";
        Assert.True(Contains(core, await Material(software, ProtectionLevel.Software)));
        Assert.False(Contains(core, Unwrapped(StoredMaterial.Wrapped(await Material(hsm, ProtectionLevel.Hsm)))));
        File.Delete(core);

        async Task<Guid> Use(ProtectionLevel level)
        {
            var key = await kms.CreateKey(level);
            for (var i = 0; i < 10; i++) Assert.Equal(Plaintext, (await key.Decrypt((await key.Encrypt(Plaintext, EncryptionContext.Empty)).CiphertextBlob, EncryptionContext.Empty)).Plaintext);
            return (await key.Describe()).KeyId;
        }

        async Task<byte[]> Material(Guid id, ProtectionLevel level)
        {
            var grainKey = KeyId.GrainKey(TestKms.Account, id);
            var state = new GrainState<KeyRecord>();
            await kms.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains).ReadStateAsync("key", kms.Grains.GetGrain<IKeyGrain>(grainKey).GetGrainId(), state);
            var version = state.State!.Primary();
            var place = Encoding.UTF8.GetBytes($"kms.material/1/{grainKey}/{version.Id:D}/{level.ApiName()}");
            return await kms.Services.GetRequiredService<ServiceSeal>().Open(version.Id, place, version.Material);
        }
    }

    private static bool Contains(string file, byte[] needle)
    {
        Assert.Equal(32, needle.Length);
        using var stream = File.OpenRead(file);
        var buffer = new byte[16 << 20];
        for (var kept = 0; ;)
        {
            var read = stream.Read(buffer, kept, buffer.Length - kept);
            if (read == 0) return false;
            if (buffer.AsSpan(0, kept + read).IndexOf(needle) >= 0) return true;
            var last = Math.Min(needle.Length - 1, kept + read);
            buffer.AsSpan(kept + read - last, last).CopyTo(buffer);
            kept = last;
        }
    }

    private byte[] Unwrapped(WrappedKey wrapped) => TokenObjects.Look(token.Options, session =>
    {
        using var template = new KeyTemplate(
            Of(CKA.CKA_CLASS, (ulong)CKO.CKO_SECRET_KEY), Of(CKA.CKA_KEY_TYPE, (ulong)CKK.CKK_AES), Of(CKA.CKA_TOKEN, false), Of(CKA.CKA_SENSITIVE, false), Of(CKA.CKA_EXTRACTABLE, true));
        using var root = FindRootKey(wrapped.RootKeyVersion);
        using var wrapping = Pkcs11Module.Factories.MechanismFactory.Create(CKM.CKM_AES_KEY_WRAP_PAD);
        var key = session.UnwrapKey(wrapping, session.FindAllObjects(root.Attributes).Single(), wrapped.Bytes, template.Attributes);
        try { return session.GetAttributeValue(key, [CKA.CKA_VALUE])[0].GetValueAsByteArray(); }
        finally { session.DestroyObject(key); }
    });
}
