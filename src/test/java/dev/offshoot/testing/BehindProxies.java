package dev.offshoot.testing;

import java.util.HashMap;
import java.util.Map;

/** As {@link Installation}, with the tests' own address and some that nobody has as those of proxies. */
public class BehindProxies extends Installation {
    @Override
    public Map<String, String> start() {
        var settings = new HashMap<>(super.start());
        settings.put("offshoot.http.trusted-proxies", " 127.0.0.1/32, 10.0.0.0/8,\t2001:db8:ffff::/48");
        return settings;
    }
}
