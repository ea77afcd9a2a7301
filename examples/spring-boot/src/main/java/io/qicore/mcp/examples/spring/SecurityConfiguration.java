package io.qicore.mcp.examples.spring;

import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.provisioning.UserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The rules and the users of the application. Nothing here is special to MCP, except that its path has no CSRF tokens. */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration {

    @Bean
    SecurityFilterChain rules(HttpSecurity http) throws Exception {
        // By the servlet's path, since patterns can be those of Spring MVC, which does not know this servlet.
        RequestMatcher mcp = request -> MCPConfiguration.PATH.equals(request.getServletPath());
        return http.authorizeHttpRequests(requests -> requests
                        // The page about a refusal. Without this, every refusal would be answered with 401.
                        .dispatcherTypeMatchers(DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .httpBasic(Customizer.withDefaults())
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                // MCP clients do not know these tokens. MCPServlet refuses the pages of other origins itself.
                .csrf(csrf -> csrf.ignoringRequestMatchers(mcp))
                .build();
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    UserDetailsManager users(
            PasswordEncoder encoder,
            @Value("${shop.reader-password}") String readerPassword,
            @Value("${shop.operator-password}") String operatorPassword) {
        return new InMemoryUserDetailsManager(
                user("reader", encoder.encode(readerPassword), "READER"),
                user("operator", encoder.encode(operatorPassword), "OPERATOR"));
    }

    private static UserDetails user(String name, String encodedPassword, String role) {
        return User.withUsername(name).password(encodedPassword).roles(role).build();
    }
}
